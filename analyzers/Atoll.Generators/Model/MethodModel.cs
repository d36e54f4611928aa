namespace Atoll.Generators.Model;

/// <summary>A method of a protocol.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDeferred">Whether the server answers later.</param>
/// <param name="Result">What it returns; null: nothing.</param>
/// <param name="Parameters">Its parameters, as declared.</param>
/// <param name="Place">Where it is declared.</param>
internal sealed record MethodModel(
    string Name, bool IsDeferred, ScalarType? Result, EquatableArray<ParameterModel> Parameters, SourcePlace Place)
{
    /// <summary>Words that a message has: <c>MessageHeader.WordsMax</c> of kernel/Abi.</summary>
    public const int WordsMax = 120;

    /// <summary>Capabilities that a message takes along: <c>MessageHeader.CapabilitiesMax</c> of kernel/Abi.</summary>
    public const int CapabilitiesMax = 3;

    /// <summary>Bytes of a word.</summary>
    public const int WordBytes = 8;

    /// <summary>Parameters that travel to the server as bytes.</summary>
    public IEnumerable<ParameterModel> BytesIn => Parameters.Where(parameter => parameter.Kind == ParameterKind.BytesIn);

    /// <summary>The parameter that travels from the server as bytes, if there is one.</summary>
    public ParameterModel? BytesOut => Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.BytesOut);

    /// <summary>Capabilities to the server.</summary>
    public IEnumerable<ParameterModel> CapabilitiesIn => Parameters.Where(parameter => parameter.Kind == ParameterKind.CapabilityIn);

    /// <summary>Capabilities from the server.</summary>
    public IEnumerable<ParameterModel> CapabilitiesOut => Parameters.Where(parameter => parameter.Kind == ParameterKind.CapabilityOut);

    /// <summary>Whether capabilities travel, whichever way.</summary>
    public bool HasCapabilities => CapabilitiesIn.Any() || CapabilitiesOut.Any();

    /// <summary>Words of the question before its bytes: one for every parameter that says something.</summary>
    public int AskedScalars => Parameters.Count(parameter => parameter.Kind is ParameterKind.In or ParameterKind.BytesIn or ParameterKind.BytesOut);

    /// <summary>Words of the answer before its bytes.</summary>
    public int AnsweredScalars =>
        (Result is null ? 0 : 1) + Parameters.Count(parameter => parameter.Kind is ParameterKind.Out or ParameterKind.Length or ParameterKind.CapabilityOut);

    /// <summary>How many bytes one span can have, if all others are empty.</summary>
    public int AskedSpanMax => (WordsMax - AskedScalars) * WordBytes;

    /// <summary>How many bytes fit into the question, all spans together, however they are divided.</summary>
    public int AskedBytesMax => AskedSpanMax - ((WordBytes - 1) * (BytesIn.Count() - 1));

    /// <summary>How many bytes fit into the answer.</summary>
    public int AnsweredBytesMax => (WordsMax - AnsweredScalars) * WordBytes;

    /// <summary>What the method means on the wire: what the file of ids says after its number.</summary>
    public string Signature =>
        $"{(IsDeferred ? "deferred " : "")}{Name}({string.Join(", ", Parameters.Select(Describe))}) {Result?.WireName ?? "void"}";

    private static string Describe(ParameterModel parameter) => parameter.Kind switch
    {
        ParameterKind.In => parameter.Type!.WireName,
        ParameterKind.Out => $"out {parameter.Type!.WireName}",
        ParameterKind.BytesIn => "bytes",
        ParameterKind.BytesOut => "room",
        ParameterKind.CapabilityIn => $"capability {parameter.Handle!.Kind}",
        ParameterKind.CapabilityOut => $"out capability {parameter.Handle!.Kind}",
        _ => "length",
    };
}
