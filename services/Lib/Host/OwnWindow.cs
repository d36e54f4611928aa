using System;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The program's windows, in host tests: memory of the calling thread, in which a test plays the devices and those who give frames.</summary>
public static unsafe class OwnWindow
{
    [ThreadStatic]
    private static byte* t_memory;

    [ThreadStatic]
    private static byte* t_large;

    /// <summary>A page of the window.</summary>
    public static Span<byte> Page(uint place) => new((byte*)Of(ProgramInformation.WindowAddress + (place * ImageLayout.PageSizeBytes)), (int)ImageLayout.PageSizeBytes);

    internal static ulong Of(ulong address)
    {
        if (address >= ProgramInformation.LargeWindowAddress)
        {
            t_large = t_large == null ? Make(ProgramInformation.LargeWindowEnd - ProgramInformation.LargeWindowAddress) : t_large;
            return (ulong)t_large + (address - ProgramInformation.LargeWindowAddress);
        }

        t_memory = t_memory == null ? Make(ProgramInformation.WindowEnd - ProgramInformation.WindowAddress) : t_memory;
        return (ulong)t_memory + (address - ProgramInformation.WindowAddress);
    }

    private static byte* Make(ulong bytes) => (byte*)NativeMemory.AllocZeroed((nuint)bytes);
}
