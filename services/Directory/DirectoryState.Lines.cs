using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Directory;

/// <content>What is owed to each switchboard, first come first.</content>
public partial struct DirectoryState
{
    /// <summary>What is to be said to a switchboard next.</summary>
    /// <returns>False: there is nothing.</returns>
    public readonly bool TryPeek(uint core, out RingMessage message)
    {
        message = default;
        if (Core(core).First == 0)
        {
            return false;
        }

        uint ticket = (Core(core).First - 1u) / 2;
        message = MessageOf(ticket, in Call(ticket), NextFor(core));
        return true;
    }

    /// <summary>It was said.</summary>
    /// <param name="core">A core to which something is owed.</param>
    public readonly void Say(uint core)
    {
        CallDebts said = NextFor(core);
        uint place = Core(core).First - 1u;
        uint ticket = place / 2;
        ref CallRow call = ref Call(ticket);
        call.Owes &= ~said;
        if ((call.Owes & SideOf(place)) == 0)
        {
            Core(core).First = NextOf(ticket, place % 2 != 0);
        }

        if (said == CallDebts.Answer)
        {
            Free(ticket);
        }
        else if (said == CallDebts.Cancel)
        {
            EndCancelled(ticket, in call);
        }
    }

    private static CallDebts SideOf(uint place) => place % 2 != 0 ? CallDebts.ToServer : CallDebts.ToAsker;

    // What makes an end goes before what ends it.
    private readonly CallDebts NextFor(uint core)
    {
        uint place = Core(core).First - 1u;
        CallDebts owes = Call(place / 2).Owes & SideOf(place);
        return (owes & CallDebts.Route) != 0 ? CallDebts.Route
            : (owes & CallDebts.Arrive) != 0 ? CallDebts.Arrive
            : owes;
    }

    private static RingMessage MessageOf(uint ticket, ref readonly CallRow call, CallDebts said) => said switch
    {
        CallDebts.Route => DirectoryMessages.Of((uint)DirectoryOrder.Route, ticket % DirectoryLimits.Calls, call.Connection, call.Server),
        CallDebts.Answer => DirectoryMessages.Of((uint)DirectoryOrder.Answer, ticket % DirectoryLimits.Calls, (ulong)call.Answer),
        CallDebts.Arrive => DirectoryMessages.Of(
            (uint)DirectoryOrder.Arrive, ticket, call.Connection, call.Listener, ticket / DirectoryLimits.Calls, call.Badge),
        _ => DirectoryMessages.Of((uint)DirectoryOrder.Cancel, ticket, call.Connection),
    };

    private readonly void EndCancelled(uint ticket, ref readonly CallRow call)
    {
        Core(call.Server).Arrivals--;
        if (call.Stage == CallRowStage.Orphan)
        {
            Free(ticket);
            return;
        }

        Answer(ticket, call.Answer);
    }

    private readonly void OweAsker(uint ticket, CallDebts debt)
    {
        ref CallRow call = ref Call(ticket);
        if ((call.Owes & CallDebts.ToAsker) == 0)
        {
            Enter(ticket / DirectoryLimits.Calls, ticket, isServer: false);
        }

        call.Owes |= debt;
    }

    private readonly void OweServer(uint ticket, CallDebts debt)
    {
        ref CallRow call = ref Call(ticket);
        if ((call.Owes & CallDebts.ToServer) == 0)
        {
            Enter(call.Server, ticket, isServer: true);
        }

        call.Owes |= debt;
    }

    private readonly void Enter(uint core, uint ticket, bool isServer)
    {
        ref CoreRow row = ref Core(core);
        ushort place = (ushort)((ticket * 2) + (isServer ? 2u : 1));
        NextOf(ticket, isServer) = 0;
        if (row.First == 0)
        {
            row.First = place;
        }
        else
        {
            uint last = row.Last - 1u;
            NextOf(last / 2, last % 2 != 0) = place;
        }

        row.Last = place;
    }

    // Out of the line of the server's core, wherever it stands there.
    private readonly void Leave(uint core, uint ticket)
    {
        ref CoreRow row = ref Core(core);
        uint before = 0;
        for (uint place = row.First; place != 0;)
        {
            uint at = place - 1;
            uint next = NextOf(at / 2, at % 2 != 0);
            if (at == (ticket * 2) + 1)
            {
                ref ushort to = ref before == 0 ? ref row.First : ref NextOf((before - 1) / 2, (before - 1) % 2 != 0);
                to = (ushort)next;
                row.Last = row.Last == place ? (ushort)before : row.Last;
                return;
            }

            before = place;
            place = next;
        }
    }

    private readonly ref ushort NextOf(uint ticket, bool isServer) => ref isServer ? ref Call(ticket).NextOfServer : ref Call(ticket).NextOfAsker;
}
