namespace Atoll.Generators.Model;

/// <summary>A type that travels as one word.</summary>
/// <param name="Name">As C# writes it.</param>
/// <param name="WireName">As the file of ids writes it: <c>u32</c>, <c>bool</c>, or an enum with all its members.</param>
/// <param name="Bits">Bits of the number, or of the enum's underlying type; 1 of a bool.</param>
/// <param name="IsSigned">Whether it is extended with its sign.</param>
/// <param name="Enum">Its members, if it is an enum.</param>
internal sealed record ScalarType(string Name, string WireName, int Bits, bool IsSigned, EnumModel? Enum)
{
    /// <summary>Whether it is <c>bool</c>.</summary>
    public bool IsBool => Bits == 1;

    /// <summary>A word, made of a value.</summary>
    public string Encode(string value) =>
        IsBool ? value
        : IsSigned ? $"unchecked((ulong)(long){value})"
        : $"(ulong){value}";

    /// <summary>A value, taken from a message.</summary>
    public string Decode(string reader) => (IsBool, IsSigned, Bits) switch
    {
        (true, _, _) => $"{reader}.TakeBool()",
        (_, true, _) => $"({Name}){reader}.TakeSigned({Bits})",
        (_, _, 64) when Enum is null => $"{reader}.TakeUInt64()",
        (_, _, 64) => $"({Name}){reader}.TakeUInt64()",
        _ => $"({Name}){reader}.TakeUpTo(0x{(1UL << Bits) - 1:X}UL)",
    };
}

/// <summary>The values that an enum has.</summary>
/// <param name="IsFlags">Whether they may be combined.</param>
/// <param name="Members">One name for each value, as C# writes it.</param>
internal sealed record EnumModel(bool IsFlags, EquatableArray<string> Members);
