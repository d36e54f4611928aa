using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Pci;

/// <summary>A driver that has begun.</summary>
public struct DriverEntry
{
    /// <summary>Its badge without the device: its position in the system and one; 0: there is none.</summary>
    public ushort Caller;

    /// <summary>The function that it drives.</summary>
    public uint Function;

    /// <summary>The page of the function's table of interrupts.</summary>
    public RegisterPage Table;

    /// <summary>Which interrupts it has been given: a bit for each.</summary>
    public uint Given;
}

/// <summary>Drivers that have begun, each at a place that stays its own: its slots go with it.</summary>
public struct DriverTable
{
    /// <summary>Most drivers.</summary>
    public const uint Most = 4;

    /// <summary>Interrupts of a driver.</summary>
    public const uint InterruptsEach = 4;

    private Drivers _drivers;

    /// <summary>A driver.</summary>
    public static ref DriverEntry At(ref DriverTable table, uint index) => ref table._drivers[(int)index];

    /// <summary>The driver of a function, or a free place.</summary>
    /// <returns><see cref="Most"/>: there is neither.</returns>
    public readonly uint Find(uint function)
    {
        uint free = Most;
        for (uint index = 0; index < Most; index++)
        {
            if (_drivers[(int)index].Caller == 0)
            {
                free = free == Most ? index : free;
            }
            else if (_drivers[(int)index].Function == function)
            {
                return index;
            }
        }

        return free;
    }

    /// <summary>Whether the driver of a function has begun.</summary>
    public readonly bool Has(uint function, out uint index)
    {
        index = Find(function);
        return index < Most && _drivers[(int)index].Caller != 0 && _drivers[(int)index].Function == function;
    }

    [InlineArray((int)Most)]
    private struct Drivers
    {
        private DriverEntry _driver0;
    }
}
