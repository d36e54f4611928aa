namespace Atoll.Generators.Model;

/// <summary>What a parameter carries, and which way.</summary>
internal enum ParameterKind
{
    /// <summary>One word to the server.</summary>
    In,

    /// <summary>One word from the server.</summary>
    Out,

    /// <summary>Bytes to the server.</summary>
    BytesIn,

    /// <summary>Room for bytes from the server. How many came is the next parameter.</summary>
    BytesOut,

    /// <summary>How many bytes came.</summary>
    Length,

    /// <summary>A capability to the server.</summary>
    CapabilityIn,

    /// <summary>A capability from the server, or none: a word says which.</summary>
    CapabilityOut,
}

/// <summary>A parameter of a method.</summary>
/// <param name="Name">Its name, as C# writes it.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Type">Its type, if it is one word.</param>
/// <param name="Handle">Its type, if it is a capability.</param>
internal sealed record ParameterModel(string Name, ParameterKind Kind, ScalarType? Type, HandleType? Handle = null)
{
    /// <summary>As the interface declares it.</summary>
    public string Declaration => Kind switch
    {
        ParameterKind.In => $"{Type!.Name} {Name}",
        ParameterKind.Out or ParameterKind.Length => $"out {Type!.Name} {Name}",
        ParameterKind.BytesIn => $"global::System.ReadOnlySpan<byte> {Name}",
        ParameterKind.CapabilityIn => $"{Handle!.Name} {Name}",
        ParameterKind.CapabilityOut => $"out {Handle!.Name} {Name}",
        _ => $"global::System.Span<byte> {Name}",
    };

    /// <summary>As a call passes it on.</summary>
    public string Argument => Kind is ParameterKind.Out or ParameterKind.Length or ParameterKind.CapabilityOut ? $"out {Name}" : Name;

    /// <summary>The name without the sign that lets a keyword be one.</summary>
    public string PlainName => Name.TrimStart('@');
}
