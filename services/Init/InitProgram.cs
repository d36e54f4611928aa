using System;
using System.Runtime;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>The first program of an instance: it holds everything that the instance has to give, and starts the programs of the system description.</summary>
public static class InitProgram
{
    private const ushort SerialPort = 0x3F8;

    [RuntimeExport("atoll_program_main")]
    private static void Main()
    {
        CNodeTable root = new(RootSlot.CNode);
        _ = Operation(root);
        while (true)
        {
            Ipc.Yield();
        }
    }

    private static SystemResult Operation(CNodeTable root)
    {
        PortControl ports = new(RootSlot.IoPortControl);
        SystemResult result = ports.Get(SerialPort, SerialPort + 7, root, 1000);
        PortRange serial = new(1000);
        ReadOnlySpan<byte> text = "init: hello from ring 3\r\n"u8;
        for (int i = 0; i < text.Length; i++)
        {
            result = serial.Write8(SerialPort, text[i]);
        }

        return result;
    }
}
