@echo off
rem Builds the command line once, and again when a source file has changed; then runs it with the arguments given.
setlocal DisableDelayedExpansion
set "root=%~dp0"
set "project=%root%tools\EdgeMl.Mcu.Cli"
set "program=%project%\bin\Release\net10.0\edgeml.dll"
set "listing=%project%\obj\edgeml.built"
set "log=%project%\obj\edgeml.log"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1

where dotnet >nul 2>nul
if errorlevel 1 (
    echo edgeml: the .NET SDK is not installed>&2
    echo hint: install the .NET 10 SDK from https://dotnet.microsoft.com/download and try again>&2
    exit /b 1
)
if not exist "%project%\obj" mkdir "%project%\obj"
call :list
if not exist "%program%" goto build
fc /b "%listing%" "%listing%.new" >nul 2>nul
if not errorlevel 1 goto run

:build
echo edgeml: building, this takes a minute the first time>&2
dotnet build "%project%\EdgeMl.Mcu.Cli.csproj" -c Release -p:RunAnalyzers=false -v q --nologo -clp:NoSummary <nul >"%log%" 2>&1
if errorlevel 1 (
    findstr /c:": error " "%log%" >&2 || type "%log%" >&2
    echo edgeml: the build failed>&2
    echo hint: the whole log is in "%log%">&2
    exit /b 1
)
rem The build writes sources of its own under obj, so the list is taken again.
call :list
move /y "%listing%.new" "%listing%" >nul

:run
dotnet exec "%program%" %*
exit /b %errorlevel%

rem Size and time of every source file; the lines of dir that begin with a date.
:list
pushd "%root%"
(for %%F in (firmware tools models) do @(pushd %%F & dir /s /a-d /t:w *.cs *.csproj *.props *.targets *.proto *.onnx *.npy 2>nul & popd)) | findstr /r "^[0-9]" >"%listing%.new"
dir /a-d /t:w *.props global.json hardware\boards\*.json 2>nul | findstr /r "^[0-9]" >>"%listing%.new"
popd
exit /b 0
