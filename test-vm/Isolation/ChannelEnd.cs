namespace Atoll.TestVm.Isolation;

/// <summary>What a program has at the two places of one of its channels.</summary>
/// <param name="Core">Core of the program.</param>
/// <param name="Program">Root of its tables.</param>
/// <param name="Number">Which of its channels.</param>
/// <param name="Receive">The page to receive from, or null: nothing is there that is not the instance's own.</param>
/// <param name="Send">The page to send to, or null.</param>
public sealed record ChannelEnd(int Core, ulong Program, ulong Number, Mapping? Receive, Mapping? Send)
{
    /// <summary>The pages that are there.</summary>
    public IEnumerable<Mapping> Pages => new[] { Receive, Send }.OfType<Mapping>();

    /// <inheritdoc/>
    public override string ToString() => $"channel {Number} of program 0x{Program:x} on core {Core}";
}

/// <summary>Two ends that belong to each other, and to nothing else.</summary>
/// <param name="First">The one whose program's tables come first.</param>
/// <param name="Second">The other.</param>
public sealed record WholeChannel(ChannelEnd First, ChannelEnd Second)
{
    /// <summary>Whether the programs are of different instances.</summary>
    public bool IsAcross => First.Core != Second.Core;
}
