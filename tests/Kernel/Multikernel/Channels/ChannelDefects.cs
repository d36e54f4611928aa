using Atoll.Kernel.Tests.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Channels;

/// <summary>Small wrong edits of what opens, rings and ends channels, each a race or an omission that a system of this kind has had.</summary>
public static class ChannelDefects
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedDefect> All { get; } =
    [
        new("pages are given back while they are had", "Channels/ChannelTable.cs", "RingFrames.Drop(in state, Frames(number));", ""),
        new("who leaves tells nobody", "Channels/ChannelTable.cs", "Owe(offer.Number, ChannelDebts.Release);",
            ""),
        new("a request is never taken back", "Channels/ChannelTable.cs", "Owe(number, ChannelDebts.Cancel);", ""),
        new("an end is used again while it owes something", "Channels/ChannelTable.Debts.cs",
            "!entry.AwaitsMaker && !entry.IsListed",
            "entry.State == ChannelState.Leaving"),
        new("nobody hears that there is no channel", "Channels/ChannelTable.cs",
            "entry.State = ChannelState.Unavailable;\n        Tell(ref scheduler, number, ChannelNews.Changed);", "entry.State = ChannelState.Unavailable;"),
        new("a ring for this core goes to another", "Channels/ChannelTable.cs", "if (entry.Peer == _core)\n        {\n            uint taken",
            "if (entry.Peer == uint.MaxValue)\n        {\n            uint taken"),
        new("names are not compared", "Coordinator/WaitingEnds.cs", " && record.Name == name", ""),
        new("an end that was given back counts", "Coordinator/ChannelRegistry.cs", "_ends[core]--;\n            EndIfGone", "EndIfGone"),
        new("the end that is left is not told by the maker", "Coordinator/ChannelRegistry.cs",
            "record.First.OwesFarewell = record.Second.IsGone;\n        record.Second.OwesFarewell = record.First.IsGone;", ""),
        new("pages are free when one end is gone", "Coordinator/ChannelRegistry.cs", "if (record.First.IsGone && record.Second.IsGone)",
            "if (record.First.IsGone || record.Second.IsGone)"),
        new("a request of the dead is answered", "Coordinator/ChannelRegistry.cs",
            "case ChannelStage.Waiting when record.First.Core == core:\n                    _waiting.Remove(ref _records, index);\n                    Free(index);",
            "case ChannelStage.Waiting when record.First.Core == core:"),
        new("who was joined still waits", "Coordinator/ChannelRegistry.cs", "            _waiting.Remove(ref _records, match);\n", ""),
        new("a record is free while somebody is to be told", "Coordinator/ChannelRecords.cs", "        if (!isListed)\n        {\n            record.Next = _free;",
            "        if (isListed || !isListed)\n        {\n            record.Next = _free;"),
        new("rings are mixed up", "Coordinator/ChannelAnswers.cs", "send == record.Pages ? send + Abi.ImageLayout.PageSizeBytes : record.Pages", "send"),
        new("the coordinator's own programs are not served", "Coordinator/ChannelDesk.cs", "channels[number].Owes & ChannelDebts.ToMaker",
            "ChannelDebts.None"),
        new("no link is asked for", "Programs/ChannelTurn.cs", "state.Opening.Want(peer);", ""),
        new("the event loop is not woken", "Programs/ChannelTurn.cs",
            "state.Apic.SendDoorbell(new ApicId(state.ApicId));", ""),
        new("a sleeping kernel is not rung", "Programs/ChannelTurn.cs", "if (link.Link.MustRing<CoherentMemory>())",
            "if (link.Link.MustRing<CoherentMemory>() && link.Link.Peer == uint.MaxValue)"),
        new("who leaves stays listed", "Channels/ChannelTable.cs", "Unlist(ref entry);\n        entry.Notification = default;", "entry.Notification = default;"),
        new("the list is cut where one leaves it", "Channels/ChannelTable.Ready.cs", "PreviousOf(ref told, entry.NextReady) = entry.PreviousReady;", ""),
        new("the second that is ready is not listed", "Channels/ChannelTable.Ready.cs", "NextOf(ref told, told.LastReady) = (ushort)(number + 1);",
            "NextOf(ref told, told.FirstReady == 0 ? 0u : told.LastReady) = (ushort)(told.FirstReady == 0 ? number + 1 : 0);"),
        new("who comes back alone is no deputy", "Coordinator/Restarts.cs", "coordinator.DeputyIsDue |= !state.HasDeputy;", ""),
        new("an end is listed twice", "Channels/ChannelTable.Ready.cs", "if (entry.News != 0)", "if (entry.News == 255)"),
    ];
}
