using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Workers that send, call, receive and wait.</summary>
internal static class Clients
{
    /// <summary>Label of the message of a worker.</summary>
    internal const ulong Label = 0xF_1234_5678_9ABC;

    /// <summary>First word of the message of a worker; the others follow it.</summary>
    internal const ulong FirstWord = 0x1111_0000_0000_0000;

    /// <summary>TSC ticks of a unit of <see cref="Sleep"/>.</summary>
    internal const ulong TicksOfUnit = 100_000;

    /// <summary>Sends four words, or calls with them.</summary>
    internal static void Speak(uint number, uint endpoint, bool isCall)
    {
        Message message = Message.Of(
            Label, MessageHeader.RegisterWords, FirstWord + number, FirstWord + 1, FirstWord + 2, FirstWord + 3);
        if (!isCall)
        {
            Worker.Done(number, Ipc.Send(endpoint, ref message));
            return;
        }

        SystemResult result = Ipc.Call(endpoint, ref message);
        Worker.Note(number, result, in message);
    }

    internal static void Receive(uint number, uint address)
    {
        SystemResult result = Ipc.Receive(address, 0, out Message message);
        Board.Log(number);
        Worker.Note(number, result, in message);
    }

    /// <summary>Waits for a time.</summary>
    internal static void Sleep(uint number, uint units, uint at)
    {
        ulong until = Ipc.Now() + (units * TicksOfUnit);
        SystemResult result = Ipc.Receive(at, 0, out _, SystemCallFlags.HasDeadline, until);
        Board.Log(number);
        Worker.Done(number, result);
    }
}
