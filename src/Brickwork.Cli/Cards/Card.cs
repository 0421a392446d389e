using Brickwork.Cli.Terminal;
using Spectre.Console;

namespace Brickwork.Cli.Cards;

/// <summary>A calm box of names and values on stderr, shown when a verb is done.</summary>
sealed class Card(string title)
{
    readonly List<(string Name, string Value)> _rows = [];

    /// <summary>Adds a row; rows without a value are left out.</summary>
    public Card Row(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _rows.Add((name, value));
        return this;
    }

    /// <summary>Shows the card unless the user wants quiet or JSON.</summary>
    public void Show(OutputStreams output)
    {
        if (output.Quiet || output.Json || _rows.Count == 0)
            return;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var (name, value) in _rows)
            grid.AddRow($"[grey]{Markup.Escape(name)}[/]", Markup.Escape(value));
        output.Screen.Write(new Panel(grid) { Header = new PanelHeader($" {Markup.Escape(title)} "), Border = BoxBorder.Rounded });
    }
}
