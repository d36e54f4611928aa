using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>Programs come, are served, and go: of one that is dead nothing stays.</summary>
internal static class ClientLife
{
    /// <summary>After a wait: who rang is looked at, and all channels are looked at by themselves again.</summary>
    /// <param name="clients">The programs.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="bits">What was signalled.</param>
    internal static void WakeAll(ref ClientTable clients, ref ClientChannels channels, ulong bits)
    {
        for (int number = 0; number < clients.End; number++)
        {
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            ref RingChannel channel = ref channels[number];
            bool rings = (bits & client.Bit) != 0;
            if (channel.IsOpen)
            {
                channel.Awake(rings && ChannelNews.HasChanged(bits));
            }
            else if (rings && channel.TryOpen() == ChannelResult.NotMapped)
            {
                // There is no way to it: its next life asks anew.
                client.Refused++;
            }
        }
    }

    /// <summary>What is owed to programs that sleep the wait rings that follows.</summary>
    internal static void LeaveBells(ref ClientTable clients, ref ClientChannels channels, ref Bells bells)
    {
        for (int number = 0; number < clients.End; number++)
        {
            bells.Add(ref channels[number]);
        }
    }

    /// <summary>A rest that came to nothing: all channels are looked at by themselves again.</summary>
    internal static void RiseAll(ref ClientTable clients, ref ClientChannels channels)
    {
        for (int number = 0; number < clients.End; number++)
        {
            channels[number].Awake(wasRung: false);
        }
    }

    /// <summary>Serves all, and tells them what there is to tell.</summary>
    /// <returns>Whether somebody may ask more.</returns>
    internal static bool ServeAll(ref ClientTable clients, ref ClientChannels channels, in NetStack stack, ref SocketTable sockets, out bool hasRead)
    {
        bool hasMore = false;
        hasRead = false;
        for (int number = 0; number < clients.End; number++)
        {
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            ref RingChannel channel = ref channels[number];
            if (channel.IsOpen)
            {
                ClientNotices.SendLate(ref client, ref channel);
                ChannelResult served = ClientRequests.Serve(ref client, ref channel, (byte)number, stack, ref sockets);
                hasMore |= served == ChannelResult.WouldBlock;
                if (served == ChannelResult.PeerDied)
                {
                    End(ref client, ref channel, (byte)number, stack, ref sockets);
                }
            }
        }

        while (stack.TryNextEvent(out SocketHandle socket))
        {
            _ = SocketTable.TryMark(ref sockets, socket, out _);
        }

        for (int number = 0; number < clients.End; number++)
        {
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            ref RingChannel channel = ref channels[number];
            if (channel.IsOpen)
            {
                ClientNotices.TellAll(ref client, ref channel, (byte)number, stack, ref sockets, ref hasRead);
            }
        }

        return hasMore;
    }

    /// <summary>Before a wait.</summary>
    /// <param name="clients">The programs.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="hasLate">Something has found no room. A slot that comes back rings nobody, so the wait is to be short.</param>
    /// <returns>Whether nothing has come meanwhile.</returns>
    internal static bool TryRestAll(ref ClientTable clients, ref ClientChannels channels, out bool hasLate)
    {
        hasLate = false;
        bool mayRest = true;
        for (int number = 0; number < clients.End; number++)
        {
            ref ClientEntry client = ref ClientTable.At(ref clients, number);
            ref RingChannel channel = ref channels[number];
            hasLate |= client.HasLate;
            mayRest &= client.HasLate || !channel.IsOpen || channel.TryRest(rings: false);
        }

        return mayRest;
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
