using Atoll.Kernel.Tests.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Small wrong edits of what gives, takes and revokes capabilities across kernels: races and omissions that systems of this kind have had.</summary>
public static class RemoteDefects
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedDefect> All { get; } =
    [
        new("a revoke answers before the holder has let go", "Remote/RemoteState.Home.cs",
            "entry.State = isFrame ? CrossingState.Revoking : CrossingState.Revoked;", "entry.State = CrossingState.Revoked; isFrame = false;"),
        new("a revoke that is asked again is answered", "Remote/RemoteState.Home.cs", "return entry.State != CrossingState.Revoking;", "return true;"),
        new("a holder is told of nothing", "Remote/RemoteState.Home.cs",
            "entry.Owes = CrossingDebts.Revoke;\n        Exports.Enlist(number);", "entry.Owes = CrossingDebts.Revoke;"),
        new("who waits to be taken is not recalled", "Remote/RemoteState.Holder.cs",
            "channels.Credit(ref scheduler, entry.Channel, entry.Epoch);\n                End(number);\n                break;", "break;"),
        new("what is recalled before it was taken keeps its place", "Remote/RemoteState.Holder.cs",
            "ArrivalList.Remove(in Imports, ref channels[entry.Channel], number);\n                channels.Credit(ref scheduler, entry.Channel, entry.Epoch);",
            "ArrivalList.Remove(in Imports, ref channels[entry.Channel], number);"),
        new("an answer of somebody else counts", "Remote/RemoteState.Home.cs", "number < Exports.Used && Exports[number].Peer == holder\n            && Exports[number].State is",
            "number < Exports.Used\n            && Exports[number].State is"),
        new("an address that a peer sends is believed", "Programs/RemoteTurn.cs", "|| IsOfHome(in state, in from, in offer)", "|| from.Grant.Bytes != 0"),
        new("anybody may signal", "Remote/RemoteState.Home.cs", "Exports[number].Peer == holder && Exports[number].State == CrossingState.Held",
            "Exports[number].State == CrossingState.Held"),
        new("who may not signal does", "Remote/RemoteState.Home.cs", "&& (Exports[number].Slot.Rights & CapabilityRights.Write) != 0;", ";"),
        new("an answer for what was revoked is refused", "Remote/RemoteState.Home.cs",
            "is CrossingState.Held or CrossingState.Revoking or CrossingState.Revoked", "is CrossingState.Held or CrossingState.Revoking"),
        new("what the last program deletes stays", "Remote/RemoteState.Holder.cs", "if (Imports[number].State == CrossingState.Held)\n        {\n            End(number);",
            "if (Imports[number].State == CrossingState.Held)\n        {"),
        new("what waits at an end that goes is forgotten", "Remote/RemoteState.cs",
            "ArrivalList.Remove(in Imports, ref channels[channel], number);\n            End(number);\n        }\n    }",
            "ArrivalList.Remove(in Imports, ref channels[channel], number);\n        }\n    }"),
        new("what the dead held is kept", "Remote/RemoteState.cs", "LoseExport(number);\n            }", "}"),
        new("what the dead owned is kept", "Remote/RemoteState.cs",
            "Imports[number].Owes = CrossingDebts.None;\n                Recall(ref scheduler, ref channels, number);", ""),
        new("revokers are not woken", "Programs/RemoteTurn.cs", "remote.WakeRevokers(ref state.Kernel.Scheduler);", ""),
        new("a signal behind others is lost", "Programs/RemoteTurn.cs", "if (!LinkTable.TrySend(in state, entry.Peer, ref signal))",
            "if (!LinkTable.TrySend(in state, entry.Peer + 1, ref signal))"),
        new("the home of what ends is not told", "Programs/RemoteTurn.cs",
            "if (!batch.TryAdd(ref remote.Imports, number, entry.HomeNumber))\n        {\n            SendReturns",
            "if (entry.Peer == uint.MaxValue && !batch.TryAdd(ref remote.Imports, number, entry.HomeNumber))\n        {\n            SendReturns"),
        new("a batch says its neighbour", "Programs/RemoteBatch.cs", "1UL << (int)(homeNumber % WordBits)", "1UL << (int)((homeNumber + 1) % WordBits)"),
        new("a batch of one home goes to another", "Programs/RemoteBatch.cs", "Peer != entry.Peer || _message.Argument0 != window", "_message.Argument0 != window"),
        new("a link is let go while memory of its peer is held", "Members/LinkLoss.cs", "isHeldBack: state.Kernel.Remote.Lost.Has(peer)", "isHeldBack: false"),
        new("a link is kept for ever", "Programs/RemoteTurn.cs", "entry.IsHeldBack &= state.Kernel.Remote.Lost.Has(entry.ReleasedPeer);", ""),
        new("a record is used again while it is in a list", "Remote/CrossingTable.cs", "entry.IsListed = false;\n        return true;", "return true;"),
    ];
}
