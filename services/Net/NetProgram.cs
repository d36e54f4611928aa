using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>One TCP/IP stack, for programs that hold a capability for it (docs/network.md).</summary>
public static class NetProgram
{
    private const byte NeedsMissing = 1;
    private const byte ArgumentsUnclear = 2;
    private const byte SettingsInvalid = 3;
    private const byte ChannelMissing = 4;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        NetMemory memory = default;
        if (!start.TryFind("slots"u8, out GrantRecord slots) || !start.TryFind("link"u8, out memory.Link))
        {
            ProgramExit.End(NeedsMissing);
        }

        SlotRow row = Inbox.Open(in slots);
        memory.Pools = start.Region("pools"u8);
        memory.Beat = start.Region("beat"u8);
        memory.Space = start.Find("space"u8);
        memory.Watch = start.Find("watch"u8);
        memory.TscHz = start.TscHz;
        memory.Key = NetMemory.DrawKey();
        NetArguments setup = default;
        ref ClientTable clients = ref memory.Pools.As<NetTables>().Clients;
        Read(ref setup, ref clients, in start);
        NetServer server = default;
        Listen(ref NetServer.Channels(ref server), ref clients, in start);
        if (!server.Begin(in setup, in memory, row.Take(), row.Take()))
        {
            ProgramExit.End(SettingsInvalid);
        }

        _ = NetworkDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }

    private static void Read(ref NetArguments setup, ref ClientTable clients, in ProgramStart start)
    {
        AreaTable areas = AreaTable.Of(in start);

        // An earlier life may have left something there.
        ClientTable.Clear(ref clients);
        if (!setup.TryRead(start.Arguments, in areas, ref clients))
        {
            ProgramExit.End(ArgumentsUnclear);
        }

        setup.HangsAfter = start.Restarts == 0 ? setup.HangsAfter : 0;
    }

    // Each channel signals the program's notification with a bit of its own.
    private static void Listen(ref ClientChannels channels, ref ClientTable clients, in ProgramStart start)
    {
        for (int number = 0; number < clients.End; number++)
        {
            bool isGiven = start.TryFind(NameOf(number), out GrantRecord grant);
            channels[number] = RingChannel.Of(in grant);
            ClientTable.At(ref clients, number).Bit = grant.Badge;
            if (!isGiven && ClientTable.BadgeOf(in clients, number) != 0)
            {
                ProgramExit.End(ChannelMissing);
            }
        }
    }

    private static ReadOnlySpan<byte> NameOf(int number) => number switch
    {
        0 => "client-1"u8,
        1 => "client-2"u8,
        2 => "client-3"u8,
        3 => "client-4"u8,
        4 => "client-5"u8,
        5 => "client-6"u8,
        6 => "client-7"u8,
        _ => "client-8"u8,
    };
}
