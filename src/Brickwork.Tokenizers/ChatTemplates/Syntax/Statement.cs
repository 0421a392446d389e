namespace Brickwork.Tokenizers.ChatTemplates.Syntax;

/// <summary>Something that writes text or changes a variable.</summary>
abstract record Statement(SourcePosition At);

sealed record Text(string Content, SourcePosition At) : Statement(At);

/// <summary><c>{{ value }}</c></summary>
sealed record Print(Expression Value, SourcePosition At) : Statement(At);

/// <summary><c>{% if %}</c> with its elif branches as nested conditions.</summary>
sealed record If((Expression Condition, Statement[] Body)[] Branches, Statement[] Otherwise, SourcePosition At) : Statement(At);

/// <summary><c>{% for target in items if filter %} body {% else %} otherwise {% endfor %}</c></summary>
sealed record For(AssignmentTarget Target, Expression Items, Expression? Filter, Statement[] Body, Statement[] Otherwise, SourcePosition At)
    : Statement(At);

sealed record Break(SourcePosition At) : Statement(At);

sealed record Continue(SourcePosition At) : Statement(At);

/// <summary><c>{% set target = value %}</c></summary>
sealed record Set(AssignmentTarget Target, Expression Value, SourcePosition At) : Statement(At);

/// <summary><c>{% set target | filter %} body {% endset %}</c></summary>
sealed record SetBlock(AssignmentTarget Target, FilterUse? Filter, Statement[] Body, SourcePosition At) : Statement(At);

/// <summary><c>{% macro name(parameters) %} body {% endmacro %}</c></summary>
sealed record Macro(string Name, Function Function, SourcePosition At) : Statement(At);

/// <summary><c>{% call(parameters) target(…) %} body {% endcall %}</c>; the callee runs the body as <c>caller()</c>.</summary>
sealed record CallBlock(Function Caller, Call Call, SourcePosition At) : Statement(At);

/// <summary><c>{% filter name %} body {% endfilter %}</c></summary>
sealed record FilterBlock(FilterUse Filter, Statement[] Body, SourcePosition At) : Statement(At);

/// <summary><c>{% with name = value %} body {% endwith %}</c></summary>
sealed record With((AssignmentTarget Target, Expression Value)[] Bindings, Statement[] Body, SourcePosition At) : Statement(At);

/// <summary><c>{% generation %} body {% endgeneration %}</c>, which marks the model's own words and renders as its body.</summary>
sealed record Generation(Statement[] Body, SourcePosition At) : Statement(At);

/// <summary>What runs when a macro is called.</summary>
/// <param name="Parameters">The named parameters.</param>
/// <param name="Body">The statements.</param>
/// <param name="Implicit">Which of <c>varargs</c>, <c>kwargs</c> and <c>caller</c> the body uses; only these may be passed to it.</param>
sealed record Function(Parameter[] Parameters, Statement[] Body, string[] Implicit);

/// <summary>A parameter of a macro; null says that it has no default value.</summary>
sealed record Parameter(string Name, Expression? Default);

/// <summary>What stands on the left of an assignment.</summary>
abstract record AssignmentTarget(SourcePosition At);

sealed record NameTarget(string Name, SourcePosition At) : AssignmentTarget(At);

/// <summary><c>space.name</c>, allowed for a <c>namespace()</c> only.</summary>
sealed record NamespaceTarget(string Space, string Name, SourcePosition At) : AssignmentTarget(At);

sealed record TupleTarget(AssignmentTarget[] Items, SourcePosition At) : AssignmentTarget(At);
