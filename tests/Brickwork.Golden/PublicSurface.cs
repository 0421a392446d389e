using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Brickwork.Golden;

/// <summary>What users of an assembly can see, written as C# writes it: one line per type and member, sorted.</summary>
static class PublicSurface
{
    static readonly SymbolDisplayFormat Format = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>The listing of one assembly; the references are what its signatures speak of.</summary>
    public static string Of(string assembly, IEnumerable<string> references)
    {
        var target = MetadataReference.CreateFromFile(assembly);
        var others = references.Where(path => path != assembly).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("surface", references: others.Append(target));
        var symbol = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(target)!;
        var text = new StringBuilder();
        foreach (var type in TypesIn(symbol.GlobalNamespace).OrderBy(type => type.Name, StringComparer.Ordinal).ThenBy(type => type.Arity))
            Write(type, text);
        return text.ToString();
    }

    static void Write(INamedTypeSymbol type, StringBuilder text)
    {
        // That a record equals another of the same values follows from its being a record.
        IEnumerable<string> bases = type.Interfaces.Where(face => IsVisible(face) && !(type.IsRecord && face.Name == "IEquatable"))
            .Select(ShowBase).Order(StringComparer.Ordinal);
        if (type.BaseType is { SpecialType: SpecialType.None } parent)
            bases = bases.Prepend(ShowBase(parent));
        var kind = type is { IsAbstract: true, TypeKind: TypeKind.Class, IsStatic: false } ? "abstract " : type.IsStatic ? "static "
            : type is { IsSealed: true, TypeKind: TypeKind.Class } ? "sealed " : "";
        text.Append(kind).Append(FullName(type)).AppendLine(bases.Any() ? " : " + string.Join(", ", bases) : "");
        foreach (var member in type.GetMembers().Where(IsWorthALine).Select(Show).Order(StringComparer.Ordinal))
            text.Append("    ").AppendLine(member);
        text.AppendLine();
    }

    static string FullName(INamedTypeSymbol type) => type.ContainingType is { } outer ? $"{FullName(outer)}.{type.Name}" : Show(type);

    static string Show(ISymbol symbol) => symbol.ToDisplayString(Format);

    static string ShowBase(ISymbol symbol) => symbol.ToDisplayString(Format.WithKindOptions(SymbolDisplayKindOptions.None));

    static bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    // Accessors follow from their property; what the compiler writes for a record follows from its being one.
    static bool IsWorthALine(ISymbol member) => IsVisible(member) && !member.IsImplicitlyDeclared
        && member is not INamedTypeSymbol and not IMethodSymbol { AssociatedSymbol: not null }
        && !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute")
        && !member.Name.Contains('<', StringComparison.Ordinal);

    static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol space => TypesIn(space),
        INamedTypeSymbol type when IsVisible(type) => TypesIn(type).Prepend(type),
        _ => [],
    });
}
