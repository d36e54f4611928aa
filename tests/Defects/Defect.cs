using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>A small wrong edit of the product's source, and the scenario or host test that must go red with it.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="File">File to edit, from the top of the repository.</param>
/// <param name="Find">Text that occurs in it exactly once.</param>
/// <param name="Replace">What to put there.</param>
/// <param name="Finder">Name of the scenario; without a machine, class and name of a host test, or <see cref="ImageBuild"/>.</param>
/// <param name="Shape">The machine to run the scenario on; null for a host test.</param>
public sealed record Defect(string Name, string File, string Find, string Replace, string Finder, VmShape? Shape = null)
{
    /// <summary>The finder of a defect that the image is not built with: a rule or the proof refuses it.</summary>
    public const string ImageBuild = "image";

    /// <summary>Folder of tests/ that has the host test.</summary>
    public string Tests { get; init; } = "Kernel";

    /// <summary>What its finder must say of it; empty: anything.</summary>
    public string Complaint { get; init; } = "";

    /// <summary>Whether it is planted in programs: the system is built with it, and the image without.</summary>
    public bool IsInPrograms { get; init; }

    /// <summary>Tests of a program that must each fail with it, as "group.name"; none: any complaint will do.</summary>
    public IReadOnlyList<string> Attacks { get; init; } = [];

    /// <summary>Says how often the text to be replaced occurs in a tree.</summary>
    public int Occurrences(string root) => System.IO.File.ReadAllText(Path.Combine(root, File)).Split(Find).Length - 1;
}
