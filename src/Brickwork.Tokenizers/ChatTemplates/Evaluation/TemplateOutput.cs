using System.Text;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Text as it is written, within the budget.</summary>
sealed class TemplateOutput(RenderBudget budget)
{
    readonly StringBuilder _text = new();

    public void Append(string text)
    {
        RenderBudget.CheckLength((long)_text.Length + text.Length);
        budget.SpendText(text.Length);
        _text.Append(text);
    }

    public override string ToString() => _text.ToString();
}
