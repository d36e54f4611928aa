using System.Threading;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>This program's own memory, by address.</summary>
[Trusted(Safety = "Ring 3: what is mapped is this program's own, any pattern is a number, and what is not mapped is a fault of the thread.")]
internal static unsafe class UserMemory
{
    internal static ulong Read(ulong address) => Volatile.Read(ref *(ulong*)address);

    internal static void Write(ulong address, ulong value) => Volatile.Write(ref *(ulong*)address, value);

    internal static uint ReadRegister(ulong address) => DeviceRegister.Read(ref *(uint*)address);

    internal static void WriteRegister(ulong address, uint value) => DeviceRegister.Write(ref *(uint*)address, value);

    internal static void WriteByte(ulong address, byte value) => Volatile.Write(ref *(byte*)address, value);

    /// <summary>Fills a page.</summary>
    internal static void FillPage(ulong address, ulong value)
    {
        for (ulong offset = 0; offset < Layout.Page; offset += sizeof(ulong))
        {
            Write(address + offset, value);
        }
    }

    /// <summary>All words of a page, or-ed together.</summary>
    internal static ulong AnyBitOfPage(ulong address)
    {
        ulong bits = 0;
        for (ulong offset = 0; offset < Layout.Page; offset += sizeof(ulong))
        {
            bits |= Read(address + offset);
        }

        return bits;
    }
}
