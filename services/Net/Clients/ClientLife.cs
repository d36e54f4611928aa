using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>Programs come, are served, and go: of one that is dead nothing stays.</summary>
internal static class ClientLife
{
    /// <summary>After a wait: who rang is looked at by the stack itself again.</summary>
    /// <param name="clients">The programs.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="bits">What was signalled.</param>
    internal static void WakeAll(ref ClientTable clients, ref ClientChannels channels, ulong bits)
    {
        for (int number = 0; number < clients.End && bits != 0; number++)
        {
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            if ((bits & client.Bit) != 0)
            {
                Wake(ref client, ref channels[number], bits);
                clients.Awake |= channels[number].IsOpen ? 1u << number : 0;
            }
        }
    }

    /// <summary>What is owed to programs that sleep the wait rings that follows.</summary>
    internal static void LeaveBells(ref ClientTable clients, ref ClientChannels channels, ref Bells bells)
    {
        for (uint left = clients.Told; left != 0; left &= left - 1)
        {
            bells.Add(ref channels[BitOperations.TrailingZeroCount(left)]);
        }

        clients.Told = 0;
    }

    /// <summary>Serves those that may have asked something, and tells those whom there is something to tell.</summary>
    /// <returns>Whether somebody may ask more.</returns>
    internal static bool ServeReady(ref ClientTable clients, ref ClientChannels channels, in NetStack stack, ref SocketTable sockets, out bool hasRead)
    {
        hasRead = false;
        uint tells = clients.Asking | clients.Awake | clients.Holding;
        bool hasMore = Serve(ref clients, ref channels, stack, ref sockets);
        while (stack.TryNextEvent(out SocketHandle socket))
        {
            tells |= SocketTable.TryMark(ref sockets, socket, out byte owner) ? 1u << owner : 0;
        }

        for (uint left = tells; left != 0; left &= left - 1)
        {
            int number = BitOperations.TrailingZeroCount(left);
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            ref RingChannel channel = ref channels[number];
            if (channel.IsOpen)
            {
                ClientNotices.TellAll(ref client, ref channel, (byte)number, stack, ref sockets, ref hasRead);
                Note(ref clients, number, in client);
                LookAfter(ref clients, number, in client, ref channel);
            }
        }

        clients.Told |= tells;
        return hasMore;
    }

    /// <summary>Before a wait: who is looked at by the stack is to ring from now on.</summary>
    /// <param name="clients">The programs.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="hasLate">Something has found no room. A slot that comes back rings nobody, so the wait is to be short.</param>
    /// <returns>Whether nothing has come meanwhile.</returns>
    internal static bool TryRestAll(ref ClientTable clients, ref ClientChannels channels, out bool hasLate)
    {
        hasLate = false;
        bool mayRest = true;
        for (uint left = clients.Awake; left != 0; left &= left - 1)
        {
            int number = BitOperations.TrailingZeroCount(left);
            bool isLate = ClientTable.At(ref clients, number).HasLate;
            bool rests = !isLate && channels[number].TryRest(rings: false);
            clients.Awake &= rests ? ~(1u << number) : ~0u;
            hasLate |= isLate;
            mayRest &= isLate || rests;
        }

        return mayRest;
    }

    private static void Wake(ref ClientEntry client, ref RingChannel channel, ulong bits)
    {
        if (channel.IsOpen)
        {
            channel.Awake(ChannelNews.HasChanged(bits));
        }
        else if (channel.TryOpen() == ChannelResult.NotMapped)
        {
            // There is no way to it: its next life asks anew.
            client.Refused++;
        }
    }

    private static bool Serve(ref ClientTable clients, ref ClientChannels channels, in NetStack stack, ref SocketTable sockets)
    {
        bool hasMore = false;
        for (uint left = clients.Awake | clients.Holding; left != 0; left &= left - 1)
        {
            int number = BitOperations.TrailingZeroCount(left);
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            ref RingChannel channel = ref channels[number];
            ClientNotices.SendLate(ref client, ref channel);
            ChannelResult served = ClientRequests.Serve(ref client, ref channel, (byte)number, stack, ref sockets);
            hasMore |= served == ChannelResult.WouldBlock;
            if (served == ChannelResult.PeerDied)
            {
                End(ref client, ref channel, (byte)number, stack, ref sockets);
                clients.Awake &= channel.IsOpen ? ~0u : ~(1u << number);
            }

            Note(ref clients, number, in client);
        }

        return hasMore;
    }

    // Room for what has found none comes back without a ring.
    private static void LookAfter(ref ClientTable clients, int number, ref readonly ClientEntry client, ref RingChannel channel)
    {
        if (client.HasLate)
        {
            channel.Awake(wasRung: false);
            clients.Awake |= 1u << number;
        }
    }

    // What is looked for in each turn, whether the program says anything or not.
    private static void Note(ref ClientTable clients, int number, ref readonly ClientEntry client)
    {
        uint bit = 1u << number;
        clients.Asking = client.Asks ? clients.Asking | bit : clients.Asking & ~bit;
        clients.Holding = client.GivenMask != 0 ? clients.Holding | bit : clients.Holding & ~bit;
    }

    // It is dead. Its next life begins with a channel of its own.
    private static void End(ref ClientEntry client, ref RingChannel channel, byte number, in NetStack stack, ref SocketTable sockets)
    {
        while (SocketTable.TryTakeAny(ref sockets, number, out SocketHandle socket))
        {
            // One that has ended by itself is closed as well as any.
            _ = SocketAnswers.Close(stack, socket);
        }

        ClientRequests.CancelQuestion(ref client, stack);
        client.Given = default;
        client.GivenMask = 0;
        client.Taken = 0;
        client.TakenTold = 0;
        client.Sockets = 0;
        client.HasLate = false;
        client.Refused += channel.Reopen() == ChannelResult.Done ? 0UL : 1;
    }
}
