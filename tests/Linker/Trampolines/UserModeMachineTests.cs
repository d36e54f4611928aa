using System.Diagnostics;
using Atoll.Abi;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;
using Iced.Intel;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Ring 3 on QEMU, through the trampolines alone: no C# of the kernel takes part.</summary>
public sealed class UserModeMachineTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly UserModeProgram s_program = new();

    private static readonly LinkedImage s_image = UserModeKernel.Link(s_program);

    [Fact]
    public async Task EveryRegisterIsTheProgramsOwn() => Assert.Null(await Run(s_image.Bytes));

    /// <summary>An instruction of a trampoline does nothing, and the program notices.</summary>
    [Theory]
    [InlineData("syscall_entry", "pxor xmm3,xmm3", "xmm3 after Call")]
    [InlineData("user_switch", "fxrstor64", "xmm0 after Call with a switch")]
    [InlineData("user_switch", "mov ds,ecx", "ds after start of the second thread")]
    [InlineData("user_switch", "mov r13,[rax+60h]", "r13 after Call with a switch")]
    [InlineData("interrupt_origin", "fxsave64", "xmm0 after exception")]
    [InlineData("user_run", "mov r11,[rax+50h]", "r11 after start of the first thread")]
    [InlineData("wake_entry_240", "jne ", "doorbell in ring 3 enters the kernel")]
    public async Task MissingInstructionIsNoticed(string fragment, string text, string check)
    {
        Instruction instruction = UserModeImage.CodeOf(s_image, fragment)
            .First(candidate => candidate.ToString().StartsWith(text, StringComparison.Ordinal));

        Assert.Equal(check, await Run(UserModeImage.Without(s_image, instruction)));
    }

    /// <summary>Runs an image; the check that failed, or null.</summary>
    private static async Task<string?> Run(byte[] image)
    {
        string folder = Directory.CreateTempSubdirectory("atoll-user-mode-").FullName;
        try
        {
            string file = Path.Combine(folder, "user-mode.elf");
            string serial = Path.Combine(folder, "serial");
            await File.WriteAllBytesAsync(file, image);
            int exitCode = await Run(file, serial);
            if (exitCode == ((ImageLayout.ExitPassed << 1) | 1))
            {
                return null;
            }

            // The program's kernel says the number of the check in two bytes, low one first.
            byte[] said = await File.ReadAllBytesAsync(serial);
            return said.Length == 2 ? s_program.Check((said[0] | (said[1] << 8)) & 0xFFF) : $"exit code 0x{exitCode:x} without a check";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> Run(string image, string serial)
    {
        string[] arguments =
        [
            "-machine", "q35", "-cpu", "max", "-accel", "tcg", "-m", "64", "-display", "none", "-no-reboot", "-nodefaults",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-serial", $"file:{serial}", "-kernel", image,
        ];
        using Process emulator = Process.Start(new ProcessStartInfo("qemu-system-x86_64", arguments))!;
        using CancellationTokenSource limit = new(s_limit);
        try
        {
            await emulator.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            emulator.Kill();
            await emulator.WaitForExitAsync(CancellationToken.None);
            return -1;
        }

        return emulator.ExitCode;
    }
}
