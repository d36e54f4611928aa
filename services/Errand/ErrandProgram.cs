using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Errand;

/// <summary>A client of memory, names and clock that says what it was answered. With the argument <c>hold</c> it keeps memory until somebody takes it away.</summary>
public static class ErrandProgram
{
    private const byte SlotsMissing = 1;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        if (!start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(SlotsMissing);
        }

        SlotRow row = Inbox.Open(in slots);
        OwnSlot clock = row.Take();
        Voice voice = new(start.Find("console"u8));
        NamesClient names = new(start.Find("names"u8));
        MemoryErrand memory = new(voice, new MemoryClient(start.Find("memory"u8)));
        TimeErrand time = new(voice, names);
        UntypedMemory own = new(start.Find("own"u8));
        if (Text.AreEqual(start.Arguments, "hold"u8))
        {
            OwnSlot all = row.Take();
            OwnSlot endpoint = row.Take();
            memory.Hold(ref all);
            new NamesErrand(voice, names).GiveOn(ref endpoint, new UntypedMemory(all.Address));
            time.SleepForEver(ref clock);
            endpoint.Free();
            all.Free();
        }
        else
        {
            memory.Run(ref row);
            time.Run(ref row, ref clock, own);
            new NamesErrand(voice, names).Run(ref row, own);
        }

        clock.Free();
    }
}
