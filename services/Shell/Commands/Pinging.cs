using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>ping HOST</c>: whether a host answers.</summary>
internal static class Pinging
{
    private const int Tries = 3;
    private const ulong Patience = 1_000_000;

    internal static void Show(in Surroundings around, ReadOnlySpan<byte> host)
    {
        if (!NetworkReport.IsThere(in around))
        {
            return;
        }

        if (host.Length == 0)
        {
            around.Print("ping HOST: a name, or an address as 10.0.2.2\n"u8);
            return;
        }

        if (!AddressText.TryRead(host, out uint address, out int used) || used != host.Length)
        {
            if (around.Network.Resolve(host, out address, out SocketAnswer found) != CallResult.Ok || found != SocketAnswer.Done)
            {
                around.Print(found == SocketAnswer.NoSuchName ? "no host has that name\n"u8 : "the name server does not answer\n"u8);
                return;
            }
        }

        SocketAnswer answer = SocketAnswer.Done;
        for (int attempt = 0; attempt < Tries && answer is SocketAnswer.Done or SocketAnswer.TimedOut; attempt++)
        {
            if (around.Network.Ping(address, Patience, out ulong took, out answer) != CallResult.Ok)
            {
                around.Print("the stack does not answer\n"u8);
                return;
            }

            Tell(in around, address, answer, took);
        }
    }

    private static void Tell(in Surroundings around, uint address, SocketAnswer answer, ulong took)
    {
        TextBuffer text = default;
        AddressText.Add(ref text, address);
        if (answer == SocketAnswer.Done)
        {
            text.Add(" answers after "u8);
            text.Add(took);
            text.Add(" us\n"u8);
        }
        else
        {
            text.Add(answer == SocketAnswer.TimedOut ? " does not answer\n"u8 : answer == SocketAnswer.NoRoute ? ": no way there\n"u8 : ": nobody can be asked there\n"u8);
        }

        around.Print(in text);
    }
}
