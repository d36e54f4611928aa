namespace Atoll.Mutants;

/// <summary>A small change of the product that the tests should notice.</summary>
/// <param name="Id">Its number among all that were made of the room.</param>
/// <param name="File">File, from the folder of the mutated project.</param>
/// <param name="Code">The line that it begins in, without the spaces around it.</param>
/// <param name="Original">The text that it replaces, in one line.</param>
/// <param name="Replacement">What it puts there; empty: nothing.</param>
public sealed record Mutant(int Id, string File, string Code, string Original, string Replacement);
