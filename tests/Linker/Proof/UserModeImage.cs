using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Images with a ring 3, whose C# is a few bytes.</summary>
internal static class UserModeImage
{
    private static readonly byte[] s_return = [0xC3];

    /// <summary>A good one.</summary>
    public static LinkedImage Good { get; } = LinkedImage.Of(Objects());

    /// <summary>The fragments that ring 3 comes and goes through.</summary>
    public static IReadOnlyList<string> Fragments { get; } =
        ["syscall_entry", "user_switch", "user_park", "user_idle", "user_run", "interrupt_origin", "x64_resume", "wake_entry_48"];

    /// <summary>Roots as small as can be, some of them as given.</summary>
    public static ObjectBuilder Objects(params (string Name, byte[] Code)[] special)
    {
        ObjectBuilder builder = new();
        // call x64_syscall_entry; jmp x64_resume
        builder.Code(
            "atoll_instance_main",
            [.. LinkedImage.CallBytes, 0xE9, 0, 0, 0, 0],
            Fixup.Call("x64_syscall_entry"),
            Fixup.Call("x64_resume") with { Offset = 6 });
        (string Name, byte[] Code)[] roots =
        [
            ("atoll_boot_main", s_return), ("atoll_trap", s_return), ("atoll_call", s_return), ("atoll_reply_receive", s_return),
            ("atoll_system_call", s_return), ("atoll_user_trap", s_return), ("atoll_idle", [0xEB, 0xFE]),
        ];
        foreach ((string name, byte[] code) in roots)
        {
            builder.Code(name, special.Where(one => one.Name == name).Select(one => one.Code).FirstOrDefault() ?? code);
        }

        return builder.WithFrames(("atoll_instance_main", 10, null));
    }

    /// <summary>Uses some vector registers: MOVAPS of each to itself.</summary>
    public static byte[] Using(params AssemblerRegisterXMM[] registers) => ProofSubject.Code(a =>
    {
        foreach (AssemblerRegisterXMM register in registers)
        {
            a.movaps(register, register);
        }

        a.ret();
    });

    /// <summary>Instructions of a function of an image.</summary>
    public static IReadOnlyList<Instruction> CodeOf(LinkedImage image, string function)
    {
        ulong address = image.AddressOf(function);
        int size = (int)image.File.Symbols.Single(symbol => symbol.Name == function).SizeBytes;
        return Trampolines.Decoded.Of(image.At(address, size).ToArray(), address, 64);
    }

    /// <summary>The image with an instruction that does nothing in the place of one.</summary>
    public static byte[] Without(LinkedImage image, Instruction instruction) =>
        image.Patched(instruction.IP, [.. Enumerable.Repeat((byte)0x90, instruction.Length)]);
}
