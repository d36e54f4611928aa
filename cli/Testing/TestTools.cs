using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Browser;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Testing;

/// <summary>Programs that tests hold our work against. Where one is missing, the tests say so and check
/// nothing with it.</summary>
public static class TestTools
{
    private static readonly DebianPackage[] s_compilers = [new("gcc", "/usr/bin/gcc"), new("clang-14", "/usr/bin/clang-14")];

    private static readonly DebianPackage[] s_readers =
    [
        new("binutils", "/usr/bin/readelf"),
        new("elfutils", "/usr/bin/eu-elflint"),
        new("llvm", "/usr/bin/llvm-dwarfdump"),
    ];

    private static readonly DebianPackage[] s_browsers = [Chromium.Package, CurlClient.Package];

    /// <summary>Installs what is missing.</summary>
    /// <param name="selection">The tests that will run.</param>
    public static void TryInstall(TestSelection selection)
    {
        try
        {
            SystemPackages.TryInstall(
            [
                .. selection.HasRoom("linker") ? s_compilers : [],
                .. selection.HasRoom("image") ? s_readers : [],
                .. selection.HasRoom("http") ? s_browsers : [],
            ]);
        }
        catch (UserException error)
        {
            Progress.Say(error.Message);
        }
    }
}
