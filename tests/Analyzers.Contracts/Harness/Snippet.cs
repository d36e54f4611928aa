using System.Collections.Immutable;

namespace Atoll.Contracts.Tests.Harness;

/// <summary>What a snippet's mark says.</summary>
public enum Label
{
    /// <summary>Silent, and no bytes.</summary>
    Clean,

    /// <summary>Reported, and bytes.</summary>
    Allocates,

    /// <summary>Not known, whatever the run says.</summary>
    NotKnown,

    /// <summary>Reported, and no bytes: a known false alarm.</summary>
    FalseAlarm,

    /// <summary>Of another contract: reported as listed.</summary>
    Reports,
}

/// <summary>One labelled method of Snippets/.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Label">Its mark.</param>
/// <param name="Expected">The ids that the mark names, in order.</param>
/// <param name="Reported">The ids that the rules report in it, in order, each once.</param>
/// <param name="Text">Its source, for a failure's message.</param>
public sealed record Snippet(string Name, Label Label, ImmutableArray<string> Expected, ImmutableArray<string> Reported, string Text)
{
    /// <summary>The id of what is not known.</summary>
    public const string UnknownId = "ATL2901";

    /// <summary>Whether the rules claim that a contract is broken.</summary>
    public bool IsReported => Reported.Any(id => id != UnknownId);

    /// <summary>Whether the rules say nothing at all.</summary>
    public bool IsSilent => Reported.IsEmpty;
}
