using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary>What the shell can do: names, what they mean, and where it is done.</summary>
internal static class Catalogue
{
    /// <summary>Commands.</summary>
    internal const int Count = 20;

    /// <summary>Name of a command; empty beyond the last.</summary>
    internal static ReadOnlySpan<byte> Name(int index) => index switch
    {
        0 => "help"u8,
        1 => "ps"u8,
        2 => "caps"u8,
        3 => "mem"u8,
        4 => "irq"u8,
        5 => "cores"u8,
        6 => "kill"u8,
        7 => "start"u8,
        8 => "restart"u8,
        9 => "bench"u8,
        10 => "log"u8,
        11 => "clear"u8,
        12 => "exit"u8,
        13 => "names"u8,
        14 => "devices"u8,
        15 => "net"u8,
        16 => "ping"u8,
        17 => "sockets"u8,
        18 => "counters"u8,
        19 => "instances"u8,
        _ => default,
    };

    /// <summary>What a command does.</summary>
    internal static ReadOnlySpan<byte> Meaning(int index) => index switch
    {
        0 => "this list"u8,
        1 => "programs of all cores: state, priority, time, memory"u8,
        2 => "NAME [CORE]: what a program holds capabilities for"u8,
        3 => "memory of each instance, and who has it"u8,
        4 => "[CORE]: interrupts of each core; lines of devices, and who serves them"u8,
        5 => "each core's kernel: calls, switches, interrupts, sleep"u8,
        6 => "NAME [CORE]: take a program away; who waits for it hears that it is dead"u8,
        7 => "NAME [CORE]: start a program that does not run"u8,
        8 => "NAME [CORE]: take a program away and start it again"u8,
        9 => "what a system call and a call to Init cost here"u8,
        10 => "[CORE]: what stopped, when, where, and what became of it"u8,
        11 => "an empty screen"u8,
        12 => "end the machine"u8,
        13 => "servers that programs find by name, and who they are"u8,
        14 => "devices of the bus, and who drives them"u8,
        15 => "the network's addresses, frames and places"u8,
        16 => "HOST: whether a host answers, and how soon"u8,
        17 => "sockets: whose, where to, and what waits in them"u8,
        18 => "what the network's stack has counted"u8,
        19 => "kernels of the other cores; events; start, stop, kill, restart CORE"u8,
        _ => default,
    };

    /// <summary>Whether the argument of a command is a program's name.</summary>
    internal static bool TakesProgram(ReadOnlySpan<byte> command) =>
        Text.AreEqual(command, "caps"u8) || Text.AreEqual(command, "kill"u8)
        || Text.AreEqual(command, "start"u8) || Text.AreEqual(command, "restart"u8);

    /// <summary>Does what a line says.</summary>
    internal static void Do(in Surroundings around, ref Informants informants, in Words words)
    {
        switch (Find(words.Command))
        {
            case 0:
                Help(in around);
                break;
            case 1:
                ProgramList.Show(in around, ref informants);
                break;
            case 2:
                CapabilityList.Show(in around, ref informants, words.Argument);
                break;
            case 3:
                MemoryReport.Show(in around, ref informants);
                break;
            case 4:
                InterruptReport.Show(in around, ref informants, words.Argument);
                break;
            case 5:
                CoreReport.Show(in around, ref informants);
                break;
            case 6:
                ProgramControl.Kill(in around, ref informants, words.Argument);
                break;
            case 7:
                ProgramControl.Start(in around, ref informants, words.Argument);
                break;
            case 8:
                ProgramControl.Restart(in around, ref informants, words.Argument);
                break;
            case 9:
                Benchmark.Show(in around);
                break;
            case 10:
                EventReport.Show(in around, ref informants, words.Argument);
                break;
            case 11:
                around.Print("\u001B[H\u001B[2J"u8);
                break;
            case 12:
                Leaving.Halt(in around);
                break;
            case 13:
                NameList.Show(in around);
                break;
            case 14:
                DeviceList.Show(in around);
                break;
            case 15:
                NetworkReport.Show(in around);
                break;
            case 16:
                Pinging.Show(in around, words.Argument);
                break;
            case 17:
                SocketList.Show(in around);
                break;
            case 18:
                CounterList.Show(in around);
                break;
            case 19:
                InstanceOrders.Do(in around, words.Argument);
                break;
            default:
                Unknown(in around, words.Command);
                break;
        }
    }

    private static int Find(ReadOnlySpan<byte> command)
    {
        for (int index = 0; index < Count; index++)
        {
            if (Text.AreEqual(Name(index), command))
            {
                return index;
            }
        }

        return Count;
    }

    private static void Help(in Surroundings around)
    {
        bool isWide = around.IsWide;
        for (int index = 0; index < Count; index++)
        {
            TextBuffer text = default;
            text.AddPadded(Name(index), 11);
            if (isWide)
            {
                text.Add(Meaning(index));
            }

            text.Add("\n"u8);
            around.Print(in text);
        }
    }

    private static void Unknown(in Surroundings around, ReadOnlySpan<byte> command)
    {
        if (command.Length == 0)
        {
            return;
        }

        TextBuffer text = default;
        text.Add("there is no '"u8);
        text.Add(command);
        text.Add("'; 'help' lists what there is\n"u8);
        around.Print(in text);
    }
}
