using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>instances start|stop|kill|restart CORE</c>: what is to become of another core.</summary>
internal static class InstanceOrders
{
    internal static void Do(in Surroundings around, ReadOnlySpan<byte> line)
    {
        Words words = Words.Of(line);
        if (words.Command.Length == 0)
        {
            InstanceList.Show(in around);
            return;
        }

        MemberOrder order = Order(words.Command);
        if (order == MemberOrder.None || !TryCore(words.Argument, out uint core))
        {
            around.Print("instances, or instances start|stop|kill|restart CORE\n"u8);
            return;
        }

        TextBuffer text = default;
        text.Add("core "u8);
        text.Add(core);
        text.Add(": "u8);
        text.Add(Answer(around.Machine.Order(core, order)));
        text.Add("\n"u8);
        around.Print(in text);
    }

    private static ReadOnlySpan<byte> Answer(SystemResult result) => result switch
    {
        SystemResult.Ok => "told; 'instances' shows what became of it"u8,
        SystemResult.ArgumentInvalid => "there is no such core, or it is the first, which nobody can stop and start"u8,
        SystemResult.Unavailable => "only the first core's kernel can do that"u8,
        _ => "this system does not let the shell do that (allow = [\"machine\"])"u8,
    };

    private static MemberOrder Order(ReadOnlySpan<byte> word) =>
        Text.AreEqual(word, "start"u8) || Text.AreEqual(word, "provision"u8) ? MemberOrder.Start
        : Text.AreEqual(word, "stop"u8) ? MemberOrder.Stop
        : Text.AreEqual(word, "kill"u8) ? MemberOrder.Kill
        : Text.AreEqual(word, "restart"u8) ? MemberOrder.Restart
        : MemberOrder.None;

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
