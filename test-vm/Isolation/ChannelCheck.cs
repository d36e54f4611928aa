namespace Atoll.TestVm.Isolation;

/// <summary>Each page at a place for rings is that of a channel with exactly two ends.</summary>
internal static class ChannelCheck
{
    public static IEnumerable<Violation> Run(ChannelMap channels) =>
        channels.Broken.Select(broken => new Violation(IsolationRule.ChannelEnds, broken.End.Core, $"{broken.End}: {broken.Words}"));
}
