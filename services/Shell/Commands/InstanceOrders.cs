using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>instances ORDER CORE</c>: what is to become of another core.</summary>
internal static class InstanceOrders
{
    internal static void Do(in Surroundings around, ReadOnlySpan<byte> line)
    {
        Words words = Words.Of(line);
        if (words.Command.Length == 0)
        {
            InstanceList.Show(in around);
        }
        else if (Text.AreEqual(words.Command, "events"u8) && words.Argument.Length == 0)
        {
            InstanceEvents.Show(in around);
        }
        else if (CoresNames.OrderOf(words.Command) is var order && order != CoreOrder.None && TryCore(words.Argument, out uint core))
        {
            Tell(in around, core, order);
        }
        else
        {
            around.Print("instances, instances events, or instances start|stop|kill|restart|panic|hang CORE\n"u8);
        }
    }

    private static void Tell(in Surroundings around, uint core, CoreOrder order)
    {
        if (!around.HasCoordinator)
        {
            around.Print("this system has no coordinator that the shell could tell\n"u8);
            return;
        }

        CallResult result = around.Coordinator.Order(core, order, out uint number, out CoresAnswer answer);
        TextBuffer text = default;
        text.Add("core "u8);
        text.Add(core);
        text.Add(": "u8);
        if (result == CallResult.Ok && answer == CoresAnswer.Done)
        {
            text.Add("told, order "u8);
            text.Add(number);
            text.Add("; 'instances' shows what became of it"u8);
        }
        else
        {
            text.Add(result == CallResult.Ok ? CoresNames.Of(answer) : "the coordinator does not answer; 'instances events' shows what it has done"u8);
        }

        text.Add("\n"u8);
        around.Print(in text);
    }

    // At most three digits: no machine has more cores.
    private static bool TryCore(ReadOnlySpan<byte> digits, out uint core)
    {
        const int digitsMax = 3;
        core = 0;
        for (int index = 0; index < digits.Length; index++)
        {
            if (digits[index] < '0' || digits[index] > '9' || index == digitsMax)
            {
                return false;
            }

            core = (core * 10) + (uint)(digits[index] - '0');
        }

        return digits.Length != 0;
    }
}
