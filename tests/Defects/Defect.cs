using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>A small wrong edit of the product's source, and the scenario that must go red with it.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="File">File to edit, from the top of the repository.</param>
/// <param name="Find">Text that occurs in it exactly once.</param>
/// <param name="Replace">What to put there.</param>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Shape">The machine to run it on.</param>
public sealed record Defect(string Name, string File, string Find, string Replace, string Scenario, VmShape Shape)
{
    /// <summary>Says how often the text to be replaced occurs in a tree.</summary>
    public int Occurrences(string root) => System.IO.File.ReadAllText(Path.Combine(root, File)).Split(Find).Length - 1;
}
