namespace Atoll.Services.Lib;

/// <summary>Registers of devices, whose frames a program has mapped: each call is one access of four bytes, neither more nor less.</summary>
/// <remarks>Ordinary loads will not do, volatile ones included: the compiler reads only the bytes that are used then, and a device may answer that with anything.</remarks>
public static class DeviceRegister
{
    /// <summary>Reads.</summary>
    public static uint Read(ref readonly uint register) => Stubs.ReadRegister(in register);

    /// <summary>Writes.</summary>
    public static void Write(ref uint register, uint value) => Stubs.WriteRegister(ref register, value);
}
