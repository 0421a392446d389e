using Brickwork.Tokenizers.ChatTemplates.Syntax;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Runs statements and writes their text.</summary>
sealed class Renderer
{
    readonly RenderContext _context;
    readonly Evaluator _evaluator;
    readonly MacroCalls _macros;

    public Renderer(RenderContext context)
    {
        _context = context;
        _evaluator = new Evaluator(context);
        _macros = new MacroCalls(this, _evaluator, context);
    }

    /// <summary>What a loop does after a body.</summary>
    enum Flow { Onward, Break, Continue }

    public string Render(Statement[] body, Scope scope)
    {
        var output = new TemplateOutput(_context.Budget);
        Run(body, scope, output);
        return output.ToString();
    }

    Flow Run(Statement[] body, Scope scope, TemplateOutput output)
    {
        foreach (var statement in body)
        {
            _context.Enter(statement.At);
            var flow = Run(statement, scope, output);
            if (flow != Flow.Onward) return flow;
        }
        return Flow.Onward;
    }

    Flow Run(Statement statement, Scope scope, TemplateOutput output)
    {
        switch (statement)
        {
            case Text text: output.Append(text.Content); return Flow.Onward;
            case Print print: output.Append(Print(_evaluator.Evaluate(print.Value, scope))); return Flow.Onward;
            case If branch: return RunBranch(branch, scope, output);
            case For loop: return RunLoop(loop, scope, output);
            case Set set: Assign(set.Target, _evaluator.Evaluate(set.Value, scope), scope); return Flow.Onward;
            case SetBlock block: Assign(block.Target, Filtered(block.Filter, block.Body, scope), scope); return Flow.Onward;
            case Macro macro: scope.Set(macro.Name, _macros.Define(macro.Name, macro.Function, scope)); return Flow.Onward;
            case CallBlock call: output.Append(Print(_macros.Call(call, scope))); return Flow.Onward;
            case FilterBlock block: output.Append(Print(Filtered(block.Filter, block.Body, scope))); return Flow.Onward;
            case With with: return RunWith(with, scope, output);
            case Generation generation: return Run(generation.Body, scope, output);
            case Break: return Flow.Break;
            case Continue: return Flow.Continue;
            default: throw new InvalidOperationException($"no rendering of {statement.GetType()}");
        }
    }

    string Print(Value value) => ValueText.Print(value, _context.Budget);

    Flow RunBranch(If branch, Scope scope, TemplateOutput output)
    {
        foreach (var (condition, body) in branch.Branches)
            if (_evaluator.IsTrue(condition, scope)) return Run(body, scope, output);
        return Run(branch.Otherwise, scope, output);
    }

    Flow RunWith(With with, Scope outer, TemplateOutput output)
    {
        var scope = new Scope(outer);
        foreach (var (target, value) in with.Bindings)
            Assign(target, _evaluator.Evaluate(value, outer), scope);
        return Run(with.Body, scope, output);
    }

    Flow RunLoop(For loop, Scope outer, TemplateOutput output)
    {
        var items = Sequences.Items(_evaluator.Evaluate(loop.Items, outer), _context.Budget);
        if (loop.Filter is not null)
            items = items.FindAll(item => Passes(loop, item, outer));
        if (items.Count == 0)
            return Run(loop.Otherwise, new Scope(outer), output);

        var state = new LoopValue(items);
        foreach (var item in items)
        {
            var scope = new Scope(outer);
            scope.Set("loop", state);
            Assign(loop.Target, item, scope);
            if (Run(loop.Body, scope, output) == Flow.Break) break;
            state.Index++;
        }
        return Flow.Onward;
    }

    bool Passes(For loop, Value item, Scope outer)
    {
        var scope = new Scope(outer);
        Assign(loop.Target, item, scope);
        return _evaluator.IsTrue(loop.Filter!, scope);
    }

    Value Filtered(FilterUse? filter, Statement[] body, Scope outer)
    {
        var text = Render(body, new Scope(outer));
        return filter is null ? Value.Of(text) : _evaluator.ApplyToText(filter, text, outer);
    }

    void Assign(AssignmentTarget target, Value value, Scope scope)
    {
        _context.At = target.At;
        switch (target)
        {
            case NameTarget name:
                scope.Set(name.Name, value);
                break;
            case NamespaceTarget member when scope.Get(member.Space) is NamespaceValue space:
                space.Attributes[member.Name] = value;
                break;
            case NamespaceTarget member:
                throw new TemplateFault($"'{member.Space}' is no namespace, so '{member.Space}.{member.Name}' cannot be set");
            case TupleTarget tuple:
                Unpack(tuple, value, scope);
                break;
            default:
                throw new InvalidOperationException($"no assignment to {target.GetType()}");
        }
    }

    void Unpack(TupleTarget target, Value value, Scope scope)
    {
        var items = Sequences.Items(value, _context.Budget);
        if (items.Count != target.Items.Length)
            throw new TemplateFault($"{target.Items.Length} names are set from {items.Count} values");
        for (var i = 0; i < items.Count; i++)
            Assign(target.Items[i], items[i], scope);
    }
}
