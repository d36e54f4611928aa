namespace Atoll.Arch;

/// <summary>Port-mapped input and output.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Port
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
