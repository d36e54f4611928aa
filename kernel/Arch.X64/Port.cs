using System.Runtime.CompilerServices;

// Whoever can name a port can name the console's (docs/decisions/0160-ports-are-held-by-rooms.md).
[assembly: InternalsVisibleTo("Atoll.Console")]
[assembly: InternalsVisibleTo("Atoll.Syscall")]

namespace Atoll.Arch;

/// <summary>Port-mapped input and output: for the console's driver, and for what programs do by capability. Other rooms cannot name it.</summary>
[InterruptSafe, NoPanic, NoBlock]
internal static class Port
{
    /// <summary>IN AL, DX.</summary>
    public static byte Read8(ushort port) => Stubs.In8(port);

    /// <summary>OUT DX, AL.</summary>
    public static void Write8(ushort port, byte value) => Stubs.Out8(port, value);

    /// <summary>IN AX, DX.</summary>
    public static ushort Read16(ushort port) => Stubs.In16(port);

    /// <summary>OUT DX, AX.</summary>
    public static void Write16(ushort port, ushort value) => Stubs.Out16(port, value);

    /// <summary>IN EAX, DX.</summary>
    public static uint Read32(ushort port) => Stubs.In32(port);

    /// <summary>OUT DX, EAX.</summary>
    public static void Write32(ushort port, uint value) => Stubs.Out32(port, value);
}
