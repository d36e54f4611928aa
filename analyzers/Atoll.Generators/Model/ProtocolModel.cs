namespace Atoll.Generators.Model;

/// <summary>A protocol, as its interface declares it.</summary>
/// <param name="Namespace">Namespace of the interface.</param>
/// <param name="Name">Name of the interface without its I: what the generated types begin with.</param>
/// <param name="WireName">Name in manifests, systems and the file of ids.</param>
/// <param name="Version">Its version.</param>
/// <param name="Methods">Its methods, as declared.</param>
/// <param name="Place">Where it is declared.</param>
/// <param name="Findings">What is wrong with it. Code is made only when nothing is.</param>
internal sealed record ProtocolModel(
    string Namespace,
    string Name,
    string WireName,
    int Version,
    EquatableArray<MethodModel> Methods,
    SourcePlace Place,
    EquatableArray<Finding> Findings)
{
    /// <summary>Whether some question brings capabilities.</summary>
    public bool TakesCapabilities => Methods.Any(method => method.CapabilitiesIn.Any());

    /// <summary>Whether capabilities travel, whichever way.</summary>
    public bool HasCapabilities => Methods.Any(method => method.HasCapabilities);

    /// <summary>Whether some method is answered later.</summary>
    public bool HasDeferred => Methods.Any(method => method.IsDeferred);
}

/// <summary>A method and the number that it travels under.</summary>
internal sealed record NumberedMethod(int Id, MethodModel Method);
