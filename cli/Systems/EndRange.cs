namespace Atoll.Cli.Systems;

/// <summary>Some of the ends of a need with a count: <c>[FIRST-LAST]</c> behind its name.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Last">The last.</param>
public sealed record EndRange(uint First, uint Last)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{First}-{Last}]";
}

/// <summary>Ends of a need with a count that go to one other need.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="Object">Name of the first channel; those of the others follow.</param>
/// <param name="Peer">Core of the other ends; <see cref="Atoll.Abi.ProgramRecord.EveryCore"/>: each end's is its own number.</param>
public sealed record EndPart(uint First, uint Count, uint Object, uint Peer);
