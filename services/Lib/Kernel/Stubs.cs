using System.Runtime;
using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The linker's stubs that make system calls (docs/system-calls.md). Only this library calls them.</summary>
internal static class Stubs
{
    [RuntimeImport("*", "x64_system_call_none"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern SystemResult None();

    [RuntimeImport("*", "x64_system_call0"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern SystemResult Short(ulong number, ulong address);

    [RuntimeImport("*", "x64_call"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern CallAnswer Call(ulong address, ulong header, ulong word0, ulong word1, ulong word2, ulong word3);

    [RuntimeImport("*", "x64_reply_receive"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern SystemResult ReplyReceive(
        ulong address, ulong header, ulong word0, ulong word1, ulong reply, ref ReceivedMessage message);

    [RuntimeImport("*", "x64_read_tsc"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadTsc();

    [RuntimeImport("*", "x64_mmio_read32"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern uint ReadRegister(ref readonly uint register);

    [RuntimeImport("*", "x64_mmio_write32"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteRegister(ref uint register, uint value);

    [RuntimeImport("*", "x64_mmio_read8"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern uint ReadRegister8(ref readonly byte register);

    [RuntimeImport("*", "x64_mmio_write8"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteRegister8(ref byte register, uint value);

    [RuntimeImport("*", "x64_mmio_read16"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern uint ReadRegister16(ref readonly ushort register);

    [RuntimeImport("*", "x64_mmio_write16"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteRegister16(ref ushort register, uint value);

    [RuntimeImport("*", "x64_program_entry"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ProgramEntry();

    [RuntimeImport("*", "x64_system_call"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Any(ref CallFrame frame);
}
