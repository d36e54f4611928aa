namespace Atoll.TestVm.Isolation;

/// <summary>The channels of a machine, found in the tables of programs alone.</summary>
/// <remarks>
/// The frames that other checks let programs share are those of channels in which nothing at all is wrong. So a defect of a channel does
/// not only break the channel's own rule: its pages are then writable memory of nobody, which two programs share.
/// </remarks>
public sealed class ChannelMap
{
    private const ulong PageSizeBytes = 4096;

    private readonly MachineView _machine;
    private readonly IReadOnlyList<InstanceSpace> _spaces;
    private readonly ILookup<ulong, ProgramFrame> _frames;
    private readonly Dictionary<(int Core, ulong Program, ulong Number), ChannelEnd> _ends;
    private readonly HashSet<ulong> _rings;
    private readonly (ulong First, ulong Last) _bundle;

    /// <summary>Finds them.</summary>
    public ChannelMap(MachineView machine, IReadOnlyList<InstanceSpace> spaces)
    {
        _machine = machine;
        _spaces = spaces;
        _frames = ProgramFrame.All(spaces);
        _bundle = Bundle();
        _ends = spaces.SelectMany(EndsOf).ToDictionary(end => (end.Core, end.Program, end.Number));
        List<(ChannelEnd End, string Words)> broken = [];
        List<WholeChannel> whole = [];
        foreach (ChannelEnd end in _ends.Values)
        {
            if ((OwnFault(end) ?? FaultBetween(end)) is { } words)
            {
                broken.Add((end, words));
            }
            else if (PeerOf(end) is { } peer && end.Program < peer.Program)
            {
                whole.Add(new WholeChannel(end, peer));
            }
        }

        Broken = broken;
        Whole = whole;
        _rings = [.. whole.SelectMany(channel => channel.First.Pages).Select(page => page.Physical)];
    }

    /// <summary>Channels in which nothing is wrong.</summary>
    public IReadOnlyList<WholeChannel> Whole { get; }

    /// <summary>Ends in which something is, with what.</summary>
    public IReadOnlyList<(ChannelEnd End, string Words)> Broken { get; }

    /// <summary>Whether a frame is a page of a channel in which nothing is wrong.</summary>
    public bool IsRing(ulong frame) => _rings.Contains(frame);

    // What lies there and is of the instance's own grant is no end: a program without channels may have other things there.
    private static IEnumerable<ChannelEnd> EndsOf(InstanceSpace space) =>
        from program in space.Programs
        from page in program.Mappings
        let place = ChannelPlace.Of(page.Virtual)
        where place is not null && !space.Grant.Owns(page.Physical)
        group (Place: place.Value, Page: page) by (program.Root, place.Value.Number) into pages
        select new ChannelEnd(
            space.Core,
            pages.Key.Root,
            pages.Key.Number,
            pages.FirstOrDefault(page => page.Place.Receives).Page,
            pages.FirstOrDefault(page => !page.Place.Receives).Page);

    private string? OwnFault(ChannelEnd end)
    {
        if (end.Receive is null || end.Send is null)
        {
            return "one of its two pages is missing";
        }

        if (ulong.Max(end.Receive.Physical, end.Send.Physical) - ulong.Min(end.Receive.Physical, end.Send.Physical) != PageSizeBytes)
        {
            return $"the frames 0x{end.Receive.Physical:x} and 0x{end.Send.Physical:x} do not lie side by side";
        }

        return end.Pages.Select(PageFault).FirstOrDefault(words => words is not null);
    }

    private string? PageFault(Mapping page) =>
        page.SizeBytes != PageSizeBytes || !page.IsUser || !page.IsWritable || page.IsExecutable
            ? $"{page}: must be a page of 4 KiB, RW-, for ring 3"
        : FrameOwner.Words(_machine, _spaces, page.Physical) is { } owner ? $"{page}: the frame is {owner}"
        : page.Physical >= _bundle.First && page.Physical <= _bundle.Last ? $"{page}: the frame is the bundle's"
        : _spaces.FirstOrDefault(space => IsMapped(space.Space, page.Physical)) is { } kernel
            ? $"{page}: the kernel of core {kernel.Core} maps the frame too"
        : null;

    private static bool IsMapped(AddressSpace space, ulong frame) =>
        space.Mappings.Any(page => frame >= page.Physical && frame - page.Physical < page.SizeBytes);

    // Both pages must lead to one other end, which then has exactly these two, the other way round.
    private string? FaultBetween(ChannelEnd end) =>
        PeerOf(end) is not { } peer
            ? $"0x{end.Receive!.Physical:x} and 0x{end.Send!.Physical:x} have no one other end, which receives what this sends"
        : OwnFault(peer) is { } words ? $"its other end, {peer}: {words}"
        : null;

    private ChannelEnd? PeerOf(ChannelEnd end) =>
        OtherEnd(end, end.Receive!) is { } sender && OtherEnd(end, end.Send!) is { } receiver && sender == receiver ? sender : null;

    private ChannelEnd? OtherEnd(ChannelEnd end, Mapping page)
    {
        ProgramFrame[] uses = [.. _frames[page.Physical]];
        ProgramFrame[] others = [.. uses.Where(use => use.Program != end.Program)];
        return uses.Length == 2 && others.Length == 1 && ChannelPlace.Of(others[0].Page.Virtual) is { } place
            && place.Receives != ChannelPlace.Of(page.Virtual)!.Value.Receives
            ? _ends.GetValueOrDefault((others[0].Core, others[0].Program, place.Number))
            : null;
    }

    // The bundle lies in one piece. What programs have of it, nobody can write; so no ring lies between two such frames.
    private (ulong First, ulong Last) Bundle()
    {
        ulong[] frames =
        [
            .. _frames
                .Where(uses => !uses.Any(use => use.Page.IsWritable) && FrameOwner.Words(_machine, _spaces, uses.Key) is null)
                .Select(uses => uses.Key),
        ];
        return frames.Length == 0 ? (ulong.MaxValue, 0) : (frames.Min(), frames.Max());
    }
}
