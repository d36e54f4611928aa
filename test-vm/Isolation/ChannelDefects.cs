using static Atoll.TestVm.Isolation.InstanceWindow;
using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Every kind of defect in the pages of channels that the checker must find.</summary>
/// <remarks>Tried on hand-made tables and on those of a machine with open channels.</remarks>
public static class ChannelDefects
{
    private const ulong Page = 4096;
    private const ulong Shared = Writable | User | NoExecute;

    /// <summary>All defects. The first channel between two instances is used, and the second.</summary>
    public static IReadOnlyList<SeededDefect> All { get; } =
    [
        Wrong("a third program has a channel's pages", IsolationRule.ChannelEnds,
            (edit, channel) => AddEnd(edit, edit.Strangers(channel)[0], channel.First)),
        Wrong("a third program writes a ring", IsolationRule.SharedWritable,
            (edit, channel) => AddEnd(edit, edit.Strangers(channel)[0], channel.First)),
        Wrong("a third program writes a ring through a page of its own", IsolationRule.SharedWritable,
            (edit, channel) => RedirectPage(edit, edit.Strangers(channel)[0], writable: true, channel.First.Send!.Physical)),
        Wrong("a third program reads a ring", IsolationRule.SharedWritable,
            (edit, channel) => RedirectPage(edit, edit.Strangers(channel)[0], writable: false, channel.First.Send!.Physical)),
        Wrong("an end has a ring at a second address", IsolationRule.SharedWritable,
            (edit, channel) => RedirectPage(edit, channel.First.Program, writable: true, channel.First.Send!.Physical)),
        Wrong("an end executes a ring", IsolationRule.WriteAndExecute,
            (edit, channel) => edit.ChangeIn(channel.First.Program, channel.First.Receive!.Virtual, clear: NoExecute)),
        Wrong("a channel with an end that executes", IsolationRule.ChannelEnds,
            (edit, channel) => edit.ChangeIn(channel.First.Program, channel.First.Receive!.Virtual, clear: NoExecute)),
        Wrong("an end with a ring for the kernel only", IsolationRule.ChannelEnds,
            (edit, channel) => edit.ChangeIn(channel.First.Program, channel.First.Receive!.Virtual, clear: User)),
        Wrong("an end that may only read", IsolationRule.ChannelEnds,
            (edit, channel) => edit.ChangeIn(channel.First.Program, channel.First.Send!.Virtual, clear: Writable)),
        Wrong("an end with one page", IsolationRule.ChannelEnds,
            (edit, channel) => edit.ChangeIn(channel.First.Program, channel.First.Send!.Virtual, clear: Present)),
        Wrong("a channel with one end", IsolationRule.ChannelEnds, (edit, channel) => Unmap(edit, channel.Second)),
        Wrong("the pages of a channel that the other end has not", IsolationRule.ForeignFrame,
            (edit, channel) => Unmap(edit, channel.Second)),
        Wrong("a channel in a grant of one end", IsolationRule.ForeignFrame,
            (edit, channel) => Replace(edit, channel, InGrant(edit, channel.Second.Core))),
        Wrong("a channel in a grant of neither end", IsolationRule.ChannelEnds, InStrangersGrant, cores: 3),
        Wrong("an end has a private page of the other's program", IsolationRule.ForeignFrame,
            (edit, channel) =>
                edit.RedirectIn(channel.First.Program, channel.First.Receive!.Virtual, OwnPage(edit, channel.Second.Program))),
        Wrong("a channel in a kernel's private block", IsolationRule.ForeignFrame,
            (edit, channel) => Replace(edit, channel, edit.Instance(0).Base)),
        Wrong("a channel in the kernel's pristine data", IsolationRule.ChannelEnds,
            (edit, channel) => Replace(edit, channel, edit.PristineData)),
        Wrong("a channel outside memory", IsolationRule.ChannelEnds, (edit, channel) => Replace(edit, channel, 1UL << 39)),
        Wrong("a channel in a ring between kernels", IsolationRule.ForeignFrame, (edit, channel) => Replace(edit, channel, edit.Ring)),
        Wrong("a channel in the bundle", IsolationRule.ChannelEnds, InBundle),
        Wrong("a kernel maps a channel's page", IsolationRule.ChannelEnds,
            (edit, channel) => edit.Map(0, edit.FreeAddress(0, PeerBase), channel.First.Receive!.Physical, Writable | NoExecute)),
        Wrong("a ring where no channel lies", IsolationRule.ForeignFrame,
            (edit, channel) => Move(edit, channel.First, channel.First.Receive!.Virtual + (2 * Page))),
        Wrong("a ring in front of the first channel", IsolationRule.ForeignFrame,
            (edit, channel) => Move(edit, channel.First, ChannelPlace.Base - Page)),
        Wrong("a ring behind the last channel", IsolationRule.ForeignFrame,
            (edit, channel) => Move(edit, channel.First, ChannelPlace.Base + (ChannelPlace.Channels * ChannelPlace.Stride))),
        Wrong("both ends receive from one ring", IsolationRule.ChannelEnds, (edit, channel) => Turn(edit, channel.First)),
        Wrong("pages of a channel that do not lie side by side", IsolationRule.ChannelEnds, Tear),
        Wrong("two channels with the same pages", IsolationRule.ChannelEnds,
            (edit, channel) => Replace(edit, edit.Across[1], ulong.Min(channel.First.Receive!.Physical, channel.First.Send!.Physical))),
        Wrong("an end has a page of another channel", IsolationRule.ChannelEnds,
            (edit, channel) => edit.RedirectIn(channel.First.Program, channel.First.Send!.Virtual, edit.Across[1].First.Send!.Physical)),
        Wrong("a program at both ends", IsolationRule.ChannelEnds, BothEnds),
    ];

    private static SeededDefect Wrong(string name, IsolationRule rule, Action<PageTableEditor, WholeChannel> edit, int cores = 2) =>
        new(name, rule, cores, machine =>
        {
            var editor = new PageTableEditor(machine);
            edit(editor, editor.Across[0]);
            return editor.Result;
        });

    private static void RedirectPage(PageTableEditor edit, ulong program, bool writable, ulong frame) =>
        edit.RedirectIn(program, edit.PageOf(program, writable, executable: !writable).Virtual, frame);

    private static ulong OwnPage(PageTableEditor edit, ulong program) => edit.PageOf(program, writable: true, executable: false).Physical;

    // Far from its beginning, where the window's own tables are.
    private static ulong InGrant(PageTableEditor edit, int core) => edit.Grant(core) - ObjectsBase + (2UL << 20);

    // The last channel that the addresses have room for, so that it collides with none of the program's.
    private static void AddEnd(PageTableEditor edit, ulong program, ChannelEnd like)
    {
        const ulong Last = ChannelPlace.Channels - 1;
        edit.MapIn(program, new ChannelPlace(Last, Receives: true).Address, like.Receive!.Physical, Shared);
        edit.MapIn(program, new ChannelPlace(Last, Receives: false).Address, like.Send!.Physical, Shared);
    }

    private static void BothEnds(PageTableEditor edit, WholeChannel channel)
    {
        Unmap(edit, channel.Second);
        AddEnd(edit, channel.First.Program, channel.Second);
    }

    private static void Unmap(PageTableEditor edit, ChannelEnd end)
    {
        foreach (Mapping page in end.Pages)
        {
            edit.ChangeIn(end.Program, page.Virtual, clear: Present);
        }
    }

    private static void Move(PageTableEditor edit, ChannelEnd end, ulong address)
    {
        edit.ChangeIn(end.Program, end.Receive!.Virtual, clear: Present);
        edit.MapIn(end.Program, address, end.Receive.Physical, Shared);
    }

    private static void Turn(PageTableEditor edit, ChannelEnd end)
    {
        edit.RedirectIn(end.Program, end.Receive!.Virtual, end.Send!.Physical);
        edit.RedirectIn(end.Program, end.Send.Virtual, end.Receive.Physical);
    }

    // Both ends agree on other pages: the two from the first on.
    private static void Replace(PageTableEditor edit, WholeChannel channel, ulong first)
    {
        edit.RedirectIn(channel.First.Program, channel.First.Receive!.Virtual, first);
        edit.RedirectIn(channel.First.Program, channel.First.Send!.Virtual, first + Page);
        edit.RedirectIn(channel.Second.Program, channel.Second.Send!.Virtual, first);
        edit.RedirectIn(channel.Second.Program, channel.Second.Receive!.Virtual, first + Page);
    }

    private static void Tear(PageTableEditor edit, WholeChannel channel)
    {
        ulong frame = edit.NewTable();
        edit.RedirectIn(channel.First.Program, channel.First.Send!.Virtual, frame);
        edit.RedirectIn(channel.Second.Program, channel.Second.Receive!.Virtual, frame);
    }

    private static void InStrangersGrant(PageTableEditor edit, WholeChannel channel)
    {
        int stranger = Enumerable.Range(0, 3).First(core => core != channel.First.Core && core != channel.Second.Core);
        Replace(edit, channel, InGrant(edit, stranger));
    }

    // Pages of the bundle in front of the channel and behind it.
    private static void InBundle(PageTableEditor edit, WholeChannel channel)
    {
        ulong frame = edit.NewTable();
        RedirectPage(edit, edit.Strangers(channel)[0], writable: false, frame);
        ulong before = frame - (3 * Page);
        RedirectPage(edit, edit.Strangers(channel)[1], writable: false, before);
        Replace(edit, channel, before + Page);
    }
}
