using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Every defect that a check of isolation, of messages or of deaths must find in a running machine.</summary>
/// <remarks>
/// A fence that is missing shows on a machine once in a very long while, so that defect is the explorer's
/// (tests/Explorer): it tries every order that x86 allows.
/// </remarks>
public static class DefectCatalog
{
    private const string Builder = "kernel/Provision/InstanceBuilder.cs";
    private const string Starter = "kernel/Coordinator/CoreStarter.cs";
    private const string Entries = "kernel/Mm/PageTableEntry.cs";

    // On a machine the living let go while the coordinator waits for the core to start, nearly always.
    private const string Deaths = "MultikernelTests.Deaths_AreSeenOnceByEveryPeer_AndRestarted";

    private static readonly VmShape s_four = new(4);
    private static readonly VmShape s_fourInTurns = new(4) { Icount = true };

    private static readonly VmShape s_fourWithPrograms = new(4) { Icount = true, MemoryMiB = 128 };

    /// <summary>All defects.</summary>
    public static IReadOnlyList<Defect> All { get; } =
    [
        new("every member maps the coordinator's state page", Starter,
            "Enter(peers, LinkPage.Wake, own.AddressOf(PageKind.Wake), PageRights.Read);",
            "Enter(peers, LinkPage.Wake, own.AddressOf(PageKind.Wake), PageRights.Read);\n"
            + "        Page.Entry(peers, PageTableEntry.PerTable - 1) = PageTableEntry.Leaf(own.AddressOf(PageKind.State), PageRights.Read);",
            "isolation", s_four),
        new("text is writable", Entries,
            "PageRights.ReadExecute => entry,", "PageRights.ReadExecute => entry | Writable,", "isolation", s_four),
        new("text is writable, as a writing instruction sees it", Entries,
            "PageRights.ReadExecute => entry,", "PageRights.ReadExecute => entry | Writable,", "wx", new VmShape(2)),
        new("the guard page below the stack is mapped", Builder,
            "Map(entries, ImageLayout.NmiStackBase,",
            "Map(entries, ImageLayout.StackBase - ImageLayout.PageSizeBytes, plan.AddressOf(PageKind.Crash), 1, PageRights.ReadWrite);\n"
            + "        Map(entries, ImageLayout.NmiStackBase,",
            "isolation", s_four),
        new("the guard page below the stack is mapped, as an overflow sees it", Builder,
            "Map(entries, ImageLayout.NmiStackBase,",
            "Map(entries, ImageLayout.StackBase - ImageLayout.PageSizeBytes, plan.AddressOf(PageKind.Crash), 1, PageRights.ReadWrite);\n"
            + "        Map(entries, ImageLayout.NmiStackBase,",
            "faults", new VmShape(3)),
        new("data is executable", Entries,
            "PageRights.ReadWrite => entry | Writable | ExecuteDisable,", "PageRights.ReadWrite => entry | Writable,", "wx", new VmShape(2)),
        new("a peer's status page is writable", "kernel/Links/LinkTable.cs",
            "offer.Status, PageRights.Read);", "offer.Status, PageRights.ReadWrite);", "isolation", s_four),
        new("the coordinator's window on others' memory stays open", "kernel/Provision/FrameWindow.cs",
            "PeerMap.Clear(in _map, WriteSlot);\n        PeerMap.Clear(in _map, ReadSlot);", "PeerMap.Clear(in _map, ReadSlot);",
            "isolation", s_four),
        new("the local APIC is cached", Entries,
            "entry | Writable | ExecuteDisable | CacheDisable | WriteThrough,", "entry | Writable | ExecuteDisable,", "isolation", s_four),
        new("a message is announced before it is written", "kernel/Ipc/RingSender.cs",
            "TMemory.StorePayload(&slot->Payload, in message.Payload);\n",
            "TMemory.Store64(&slot->Header, ((ulong)message.Meta << 32) | (position + 1));\n"
            + "        TMemory.StorePayload(&slot->Payload, in message.Payload);\n",
            "ring-matrix", s_four),
        new("a message is announced before it is written, as a death between the two shows", "kernel/Ipc/RingSender.cs",
            "TMemory.StorePayload(&slot->Payload, in message.Payload);\n",
            "TMemory.Store64(&slot->Header, ((ulong)message.Meta << 32) | (position + 1));\n"
            + "        TMemory.StorePayload(&slot->Payload, in message.Payload);\n",
            "kill-mid-publish", s_fourInTurns),
        new("a slot is given back before it is read", "kernel/Ipc/RingReceiver.cs",
            "TMemory.LoadPayload(&slot->Payload, out message.Payload);",
            "TMemory.Store32(&slot->Sequence, position + _slotCount);\n        TMemory.LoadPayload(&slot->Payload, out message.Payload);",
            "RingOrderTests.Receive_LoadsThePayloadOnceBeforeItGivesTheSlotBack"),
        new("a full ring is written over", "kernel/Ipc/RingSender.cs",
            "            return 0;\n", "            return 1;\n", "peer-dies", s_fourInTurns),
        new("no second look before halting", "kernel/Ipc/SleepProtocol.cs",
            "if (!HasNews<TMemory, TSleeper, TState>(ref state))", "if (word != null)", "doorbell", s_four),
        new("the doorbell is not rung", "kernel/Links/InstanceLinks.cs",
            "!state.Apic.TrySendDoorbell(new ApicId(link.PeerApicId))", "state.Core == uint.MaxValue", "doorbell", s_fourInTurns),
        new("a dying instance does not say so", "kernel/Trap/InstancePanic.cs",
            "LifeWord.Of(state.Incarnation, InstanceLifecycle.Panicked)", "Volatile.Read(ref state.Map.Status.Life)",
            "panic", s_four),
        new("a stopped instance's death is not written", "kernel/Coordinator/Fencing.cs",
            "        Volatile.Write(ref status.Life, LifeWord.Of(entry.Incarnation, InstanceLifecycle.Fenced));\n", "", "kill-any", s_fourInTurns),
        new("a member that hangs is not fenced", "kernel/Coordinator/Fencing.cs",
            "            Fence(ref state, ref coordinator, core, MemberCause.Hang);\n", "", "kill-any", s_fourInTurns),
        new("frames of a dead link are lost", "kernel/Coordinator/LinkRegistry.cs",
            "            pool.GiveOrLose(record.Rings, 2);\n            record = default;", "            record = default;", "kill-any", s_fourInTurns),
        new("a restart takes pages that peers still map", "kernel/Coordinator/Restarts.cs",
            " || coordinator.Links.Mentions(core)", "", Deaths),
        new("rings are used again while one end maps them", "kernel/Coordinator/LinkRegistry.cs",
            "if (record.FirstGone && record.SecondGone)", "if (record.FirstGone || record.SecondGone)", Deaths),
        new("a dead peer's link is not unmapped", "kernel/Links/LinkTable.cs",
            "PeerMap.Clear(in state.Map, PeerMap.Slot(position, page));", "PeerMap.Slot(position, page);",
            "peer-dies", s_fourInTurns),
        new("a member takes orders from any kernel", "kernel/Coordinator/InstanceDuty.cs",
            "return entry.Link.Peer == CoordinatorInstance.Core && MemberProtocol", "return MemberProtocol", "hostile-instance", s_fourWithPrograms),
        new("a kernel gives up links of others", "kernel/Coordinator/LinkRegistry.cs",
            " && _records[i].Has(by))\n            {\n                MarkGone(ref pool, ref _records[i], by);",
            ")\n            {\n                _records[i].FirstGone = true;\n                MarkGone(ref pool, ref _records[i], _records[i].Second);", "hostile-instance", s_fourWithPrograms),
        new("a kernel gives back capabilities that another holds", "kernel/Remote/RemoteState.Home.cs",
            "bool isHeld = number < Exports.Used && Exports[number].Peer == holder\n            && Exports[number].State is",
            "bool isHeld = number < Exports.Used\n            && Exports[number].State is", "hostile-instance", s_fourWithPrograms),
        new("a revoke answers before holders have let go", "kernel/Remote/RemoteState.Home.cs",
            "        return !isAwaited;\n", "        return true;\n", "revoke-storm", s_fourWithPrograms),
        new("a place is lost with what waited there when it was taken back", "kernel/Remote/RemoteState.Holder.cs",
            "                channels.Credit(ref scheduler, entry.Channel, entry.Epoch);\n                End(number);\n", "                End(number);\n", "revoke-storm", s_fourWithPrograms)
        {
            Complaint = "the lender did not come to its end",
        },
        new("programs announce a message before it is written", "kernel/Ipc/RingSender.cs",
            "TMemory.StorePayload(&slot->Payload, in message.Payload);\n",
            "TMemory.Store64(&slot->Header, ((ulong)message.Meta << 32) | (position + 1));\n"
            + "        TMemory.StorePayload(&slot->Payload, in message.Payload);\n",
            "channel-mid-publish", s_fourWithPrograms)
        {
            IsInPrograms = true,
            Complaint = "things that went wrong",
        },
        new("pages of a dead core's channels are lost", "kernel/Coordinator/ChannelRegistry.cs",
            "            pool.GiveOrLose(record.Pages, Abi.ChannelPage.PagesOfAnEnd);\n            Free(index);", "            Free(index);",
            "kill-under-programs", s_fourWithPrograms)
        {
            Complaint = "bytes of the pool, free, in links or in channels",
        },
        new("rings of a channel that is over stay mapped", "kernel/Channels/ChannelTable.cs",
            "            RingFrames.Drop(in state, Frames(number));\n            Owe(number, ChannelDebts.Release);", "            Owe(number, ChannelDebts.Release);",
            "kill-under-programs", s_fourWithPrograms),
        new("how an instance did stays in its coordinator when it is gone", "kernel/Coordinator/CoreStarter.cs",
            "        entry.Suspicion = default;\n        entry.StraysReported = 0;\n", "        entry.StraysReported = 0;\n", "undo", s_fourWithPrograms)
        {
            Complaint = "of these, stops that left what the one before had left",
        },
        new("garbage that is lower than what is due passes for an empty ring", "kernel/Ipc/RingReceiver.cs",
            ".Sequence) - _position > 1;", ".Sequence) > _position + 1;", "RingChannelTests.GarbageInTheRing_IsTold")
        {
            Tests = "Services",
        },
        new("the answer to a question that was given up is taken", "services/Lib/Channels/ChannelInquiry.cs",
            " && MessagePiece.NumberOf(in piece) == State.Number;", ";", "ChannelInquiryServerTests.AnswerToWhatWasGivenUp_IsDropped")
        {
            Tests = "Services",
        },
        new("a server that died is asked on", "services/Lib/Channels/ChannelInquiry.cs",
            "            State.Channel.Awake();\n", "", "ChannelInquiryServerTests.DeathOfTheServer_IsFoundByWhoBegins")
        {
            Tests = "Services",
        },
        new("a round that is not whole is told", "services/Http/Serving/CoreInquiry.cs",
            "            if (_step == FirstProgram + _programs)", "            if (_step >= FirstProgram)", "CoreInquiryTests.Core_IsToldWhole_WithTheProgramsThatItHas")
        {
            Tests = "Http",
        },
        new("what a core told long ago is told", "services/Http/Serving/CoreInquiry.cs",
            " && now - _told.Facts.Uptime <= ageMax", "", "CoreInquiryTests.WhatIsOld_IsNotTold")
        {
            Tests = "Http",
        },
        .. SuiteDefects.All,
        .. SurvivorDefects.All,
        .. NetDefects.All,
        .. IommuDefects.All,
        .. ConnectDefects.All,
        .. StopDefects.All,
    ];
}
