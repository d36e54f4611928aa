using Atoll.Linker.Proof.Loading;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>What a loader loads, where, and where it starts, is what the rest of the proof looks at.</summary>
/// <remarks>
/// Loaders differ in what they read: physical or virtual addresses, the entry or a note, the note's owner or its type
/// alone. So every field has the one value with which all of them do the same (docs/proof.md, "What a loader reads").
/// </remarks>
public static class LoaderView
{
    /// <summary>Checks.</summary>
    /// <returns>Fields and notes examined.</returns>
    public static int Check(ProofContext proof) =>
        FileHeaderFields.Check(proof)
        + SegmentFields.Check(proof)
        + SectionFields.Check(proof)
        + NoteFields.Check(proof)
        + OtherProtocols.Check(proof);
}
