namespace Atoll.Services.Lib;

/// <summary>Registers of devices, whose frames a program has mapped: each call is one access of so many bytes, neither more nor less.</summary>
/// <remarks>Ordinary loads will not do, volatile ones included: the compiler reads only the bytes that are used then, and a device may answer that with anything.</remarks>
public static class DeviceRegister
{
    /// <summary>Reads.</summary>
    public static uint Read(ref readonly uint register) => Stubs.ReadRegister(in register);

    /// <summary>Writes.</summary>
    public static void Write(ref uint register, uint value) => Stubs.WriteRegister(ref register, value);

    /// <summary>Reads a register of one byte.</summary>
    public static byte Read(ref readonly byte register) => (byte)Stubs.ReadRegister8(in register);

    /// <summary>Writes a register of one byte.</summary>
    public static void Write(ref byte register, byte value) => Stubs.WriteRegister8(ref register, value);

    /// <summary>Reads a register of two bytes.</summary>
    public static ushort Read(ref readonly ushort register) => (ushort)Stubs.ReadRegister16(in register);

    /// <summary>Writes a register of two bytes.</summary>
    public static void Write(ref ushort register, ushort value) => Stubs.WriteRegister16(ref register, value);
}
