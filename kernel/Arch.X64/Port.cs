namespace Atoll.Arch;

/// <summary>Port-mapped input and output, one byte wide.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Port
{
    /// <summary>IN AL, DX.</summary>
    public static byte Read8(ushort port) => Stubs.In8(port);

    /// <summary>OUT DX, AL.</summary>
    public static void Write8(ushort port, byte value) => Stubs.Out8(port, value);
}
