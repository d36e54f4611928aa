namespace Atoll.Kernel.Tests.Defects;

/// <summary>A small wrong edit of the kernel that a model test must find.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="File">File below the rooms' common folder.</param>
/// <param name="Find">Text that occurs in it exactly once.</param>
/// <param name="Replace">What to put there.</param>
public sealed record PlantedDefect(string Name, string File, string Find, string Replace)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
