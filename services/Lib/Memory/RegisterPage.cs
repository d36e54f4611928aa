using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A page that changes by itself, mapped in the program's window (<see cref="ProgramInformation.WindowAddress"/>): a device's registers, or memory of another program.</summary>
/// <remarks>When the frame is revoked or unmapped, the next access is a fault of the program. An offset outside of the page reads as 0 and writes nothing: devices say where their registers are, and devices lie.</remarks>
public readonly struct RegisterPage
{
    private const uint Bytes = (uint)ImageLayout.PageSizeBytes;

    private readonly ulong _address;

    private RegisterPage(ulong address) => _address = address;

    /// <summary>Whether one is mapped.</summary>
    public bool IsMapped => _address != 0;

    /// <summary>Maps a page.</summary>
    /// <param name="frame">A frame of 4 KiB.</param>
    /// <param name="space">Slot of the program's own address space: a need of kind <c>space</c>.</param>
    /// <param name="place">Which page of the window. Nothing else is mapped there.</param>
    /// <param name="page">The page, when it is mapped.</param>
    public static SystemResult Map(MemoryFrame frame, uint space, uint place, out RegisterPage page)
    {
        page = default;
        ulong at = ProgramInformation.WindowAddress + ((ulong)place * Bytes);
        if (at >= ProgramInformation.WindowEnd)
        {
            return SystemResult.ArgumentInvalid;
        }

        SystemResult result = frame.Map(space, at, MapRights.ReadWrite);
        page = result == SystemResult.Ok ? new RegisterPage(at) : default;
        return result;
    }

    /// <summary>Reads four bytes.</summary>
    public uint Read32(uint offset) => Holds(offset, sizeof(uint)) ? DeviceRegister.Read(ref At<uint>(offset)) : 0;

    /// <summary>Writes four bytes.</summary>
    public void Write32(uint offset, uint value)
    {
        if (Holds(offset, sizeof(uint)))
        {
            DeviceRegister.Write(ref At<uint>(offset), value);
        }
    }

    /// <summary>Reads two bytes.</summary>
    public ushort Read16(uint offset) => Holds(offset, sizeof(ushort)) ? DeviceRegister.Read(ref At<ushort>(offset)) : (ushort)0;

    /// <summary>Writes two bytes.</summary>
    public void Write16(uint offset, ushort value)
    {
        if (Holds(offset, sizeof(ushort)))
        {
            DeviceRegister.Write(ref At<ushort>(offset), value);
        }
    }

    /// <summary>Reads a byte.</summary>
    public byte Read8(uint offset) => Holds(offset, 1) ? DeviceRegister.Read(ref At<byte>(offset)) : (byte)0;

    /// <summary>Writes a byte.</summary>
    public void Write8(uint offset, byte value)
    {
        if (Holds(offset, 1))
        {
            DeviceRegister.Write(ref At<byte>(offset), value);
        }
    }

    private bool Holds(uint offset, uint bytes) => _address != 0 && offset <= Bytes - bytes && (offset & (bytes - 1)) == 0;

    [Trusted(Safety = "Map has mapped a page there and nothing unmaps it but its end, with which the access faults; Holds has compared the offset.")]
    private unsafe ref T At<T>(uint offset)
        where T : unmanaged => ref *(T*)(OwnWindow.Of(_address) + offset);
}
