using Atoll.Linker.Proof.Properties;

namespace Atoll.Linker.Proof;

/// <summary>What was proved of an image, and what it rests on.</summary>
/// <param name="Image">File name.</param>
/// <param name="Sha256">Of the file's bytes, in hexadecimal.</param>
/// <param name="IsProgram">Whether it is one for ring 3.</param>
/// <param name="Holds">Whether every property holds.</param>
/// <param name="Functions">Functions that were decoded.</param>
/// <param name="Instructions">Instructions that were decoded.</param>
/// <param name="Properties">Each property with what was examined.</param>
/// <param name="Stacks">How deep each stack gets.</param>
/// <param name="Trusted">Claims of the image that were taken at their word.</param>
/// <param name="Assumptions">What no look at the file can show.</param>
public sealed record ProofReport(
    string Image,
    string Sha256,
    bool IsProgram,
    bool Holds,
    int Functions,
    int Instructions,
    IReadOnlyList<PropertyReport> Properties,
    IReadOnlyList<StackBound> Stacks,
    IReadOnlyList<string> Trusted,
    IReadOnlyList<string> Assumptions);

/// <summary>One property.</summary>
/// <param name="Name">Short name.</param>
/// <param name="Statement">What holds.</param>
/// <param name="Examined">How many things were looked at.</param>
/// <param name="What">What those are.</param>
/// <param name="Holds">Whether nothing was found.</param>
public sealed record PropertyReport(string Name, string Statement, int Examined, string What, bool Holds);
