using System.Runtime.CompilerServices;
using Atoll.Arch;

namespace Atoll.Cap;

/// <summary>Names a kernel object: its address in the window of the instance. The one way from an object to another.</summary>
/// <remarks>
/// Made by retype, by boot and from what a capability holds, never from a number of a program. Whoever ends an object
/// takes it out of every object that points to it, so a pointer that is not null can be followed.
/// </remarks>
/// <typeparam name="T">What lies there.</typeparam>
public readonly struct ObjectPointer<[AllowLinear] T>
    where T : unmanaged
{
    /// <summary>Bytes of the object.</summary>
    public static unsafe ulong SizeBytes => (ulong)sizeof(T);

    private readonly ulong _address;

    /// <summary>Names what lies at an address.</summary>
    /// <param name="address">In the window, aligned for the object; or 0: nothing.</param>
    internal ObjectPointer(ulong address) => _address = address;

    /// <summary>Address in the window; 0: nothing.</summary>
    public ulong Address => _address;

    /// <summary>Physical address of the object.</summary>
    public ulong Physical => _address - PhysicalWindow.Base;

    /// <summary>Whether it names nothing. Zeroed memory reads so.</summary>
    public bool IsNull => _address == 0;

    /// <summary>The object. The pointer is not null.</summary>
    [Trusted(Safety = "Retype and boot made the object in memory that the window maps; who ends it removes every pointer to it.")]
    public unsafe ref T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *(T*)_address;
    }

    /// <summary>Whether both name the same object.</summary>
    public bool Is(ObjectPointer<T> other) => _address == other._address;
}
