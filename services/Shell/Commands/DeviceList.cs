using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>devices</c>: what is on the bus, and who drives it.</summary>
internal static class DeviceList
{
    private const int Column = 15;
    private const int ClassShift = 16;

    internal static void Show(in Surroundings around)
    {
        if (!around.HasDevices)
        {
            around.Print("nobody hands devices out in this system\n"u8);
            return;
        }

        around.Print("place  device     class   driver\n"u8);
        for (uint index = 0; ; index++)
        {
            CallResult told = around.Devices.Describe(index, out uint place, out uint identifier, out uint kind, out uint driver, out PciAnswer answer);
            if (told != CallResult.Ok || answer != PciAnswer.Done)
            {
                around.Print(told == CallResult.Ok ? default : "the program that hands devices out does not answer\n"u8);
                ShowReach(in around);
                return;
            }

            TextBuffer text = default;
            AddPlace(ref text, place);
            text.Add(" "u8);
            AddHex(ref text, identifier & 0xFFFF, 4);
            text.Add(":"u8);
            AddHex(ref text, identifier >> 16, 4);
            text.Add("  "u8);
            AddHex(ref text, kind >> ClassShift, 4);
            text.Add("    "u8);
            if (driver != 0)
            {
                Programs.AddName(in around, driver, ref text, Column);
            }

            text.Add("\n"u8);
            around.Print(in text);
        }
    }

    private static void ShowReach(in Surroundings around)
    {
        if (around.Devices.Faults(out bool isHeld, out ulong count, out uint place, out ulong address, out bool wasRead, out _) != CallResult.Ok)
        {
            return;
        }

        TextBuffer text = default;
        text.Add(isHeld ? "devices are held to their memory; stopped: "u8 : "no device is held to its memory"u8);
        if (isHeld)
        {
            text.Add(count);
        }

        if (count != 0)
        {
            text.Add(", last "u8);
            AddPlace(ref text, place);
            text.Add(wasRead ? " that read at "u8 : " that wrote at "u8);
            text.AddHex(address);
        }

        text.Add("\n"u8);
        around.Print(in text);
    }

    private static void AddPlace(ref TextBuffer text, uint place)
    {
        AddHex(ref text, place >> 8, 2);
        text.Add(":"u8);
        AddHex(ref text, (place >> 3) & 31, 2);
        text.Add("."u8);
        text.Add(place & 7);
    }

    private static void AddHex(ref TextBuffer text, uint value, int digits)
    {
        for (int digit = digits - 1; digit >= 0; digit--)
        {
            int nibble = (int)(value >> (4 * digit)) & 15;
            text.Add("0123456789abcdef"u8.Slice(nibble, 1));
        }
    }
}
