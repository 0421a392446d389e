namespace Brickwork;

/// <summary>The types of a metadata value, as GGUF knows them.</summary>
public enum MetadataType
{
#pragma warning disable CS1591 // the names say it
    UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Boolean, String, Array, UInt64, Int64, Float64,
#pragma warning restore CS1591
}

/// <summary>One metadata value: a number, a truth value, a text, or an array of one of these.</summary>
/// <param name="Type">The type of the value; of the elements where <see cref="Value"/> is an array.</param>
/// <param name="Value">A boxed number or bool, a string, or a typed array (<c>int[]</c>, <c>string[]</c>, …).</param>
public sealed record MetadataValue(MetadataType Type, object Value)
{
    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => Value is Array;

    /// <summary>Wraps a CLR value or a one-dimensional array of such values.</summary>
    public static MetadataValue Of(object value) => new(TypeOf(value as Array is { } array ? array.GetType().GetElementType()! : value.GetType()), value);

    static MetadataType TypeOf(System.Type type) => System.Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => MetadataType.UInt8,
        TypeCode.SByte => MetadataType.Int8,
        TypeCode.UInt16 => MetadataType.UInt16,
        TypeCode.Int16 => MetadataType.Int16,
        TypeCode.UInt32 => MetadataType.UInt32,
        TypeCode.Int32 => MetadataType.Int32,
        TypeCode.Single => MetadataType.Float32,
        TypeCode.Boolean => MetadataType.Boolean,
        TypeCode.String => MetadataType.String,
        TypeCode.UInt64 => MetadataType.UInt64,
        TypeCode.Int64 => MetadataType.Int64,
        TypeCode.Double => MetadataType.Float64,
        _ => throw new ArgumentException($"Metadata cannot hold a value of type {type}.", nameof(type)),
    };
}
