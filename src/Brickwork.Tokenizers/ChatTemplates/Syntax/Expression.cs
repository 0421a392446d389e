using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Syntax;

/// <summary>Something that has a value.</summary>
abstract record Expression(SourcePosition At);

sealed record Constant(Value Value, SourcePosition At) : Expression(At);

sealed record Variable(string Name, SourcePosition At) : Expression(At);

sealed record ListLiteral(Expression[] Items, SourcePosition At) : Expression(At);

sealed record TupleLiteral(Expression[] Items, SourcePosition At) : Expression(At);

sealed record MapLiteral((Expression Key, Expression Value)[] Entries, SourcePosition At) : Expression(At);

/// <summary><c>target.name</c></summary>
sealed record AttributeAccess(Expression Target, string Name, SourcePosition At) : Expression(At);

/// <summary><c>target[index]</c></summary>
sealed record Subscript(Expression Target, Expression Index, SourcePosition At) : Expression(At);

/// <summary><c>target[start:stop:step]</c>; an absent part is null.</summary>
sealed record Slice(Expression Target, Expression? Start, Expression? Stop, Expression? Step, SourcePosition At) : Expression(At);

/// <summary><c>target(…)</c></summary>
sealed record Call(Expression Target, CallArguments Arguments, SourcePosition At) : Expression(At);

/// <summary><c>input | name(…)</c>; the input is null in a filter block. <see cref="Run"/> is null for a filter we do not have.</summary>
sealed record FilterUse(Expression? Input, string Name, Filter? Run, CallArguments Arguments, SourcePosition At) : Expression(At);

/// <summary><c>input is name(…)</c></summary>
sealed record TestUse(Expression Input, string Name, Test? Run, CallArguments Arguments, SourcePosition At) : Expression(At);

sealed record Unary(UnaryOperator Operator, Expression Operand, SourcePosition At) : Expression(At);

sealed record Binary(BinaryOperator Operator, Expression Left, Expression Right, SourcePosition At) : Expression(At);

/// <summary><c>first &lt; second &lt;= third</c>: every neighbouring pair must hold.</summary>
sealed record Comparison(Expression First, (ComparisonOperator Operator, Expression Operand)[] Rest, SourcePosition At) : Expression(At);

/// <summary><c>then if condition else otherwise</c>; without an else the value is undefined.</summary>
sealed record Conditional(Expression Condition, Expression Then, Expression? Otherwise, SourcePosition At) : Expression(At);

/// <summary>The arguments of a call as written.</summary>
sealed record CallArguments(Expression[] Positional, (string Name, Expression Value)[] Named)
{
    public static CallArguments None { get; } = new([], []);
}

enum UnaryOperator { Not, Negate, Plus }

enum BinaryOperator { And, Or, Add, Subtract, Multiply, Divide, FloorDivide, Remainder, Power, Concatenate }

enum ComparisonOperator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, In, NotIn }
