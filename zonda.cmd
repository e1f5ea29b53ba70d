@echo off
rem Runs Zonda from a checkout, as the script zonda does elsewhere: finds a JDK, builds what is
rem missing or older than the sources, and hands over to the JVM. "zonda test [Maven arguments]"
rem runs the whole test suite instead. JAVA_HOME names the JDK to prefer, ZONDA_JAVA_OPTS more JVM
rem flags; TORNADOVM_HOME and ZONDA_GPU_BACKEND are for the GPU. Unlike there, two first starts at
rem once are not kept apart, there is no "zonda test --tornado", and what changes within an SDK's
rem folder is seen by "zonda doctor" only. Not tried on Windows yet.
setlocal EnableExtensions DisableDelayedExpansion

set "LEAST=25"
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"
set "JAR=%ROOT%\app\target\zonda.jar"
set "BUILT=%ROOT%\app\target\zonda.built"
set "LOG=%ROOT%\target\build.log"

rem --- The JDK
set "JDK="
set "SEEN="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
if defined JDK goto found
for /f "delims=" %%J in ('where java 2^>nul') do if not defined JDK call :consider "%%~dpJ.."
if defined JDK goto found
for %%R in (
  "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft"
  "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft"
  "%LOCALAPPDATA%\Programs\Eclipse Adoptium" "%USERPROFILE%\.jdks" "%USERPROFILE%\.gradle\jdks"
) do for /d %%D in ("%%~R\*") do if not defined JDK call :consider "%%~D"
if defined JDK goto found
echo zonda: a JDK %LEAST% or newer is needed, and none was found%SEEN%. Install one, for instance with: winget install EclipseAdoptium.Temurin.25.JDK, or from https://adoptium.net; where it is in an unusual folder, name that in JAVA_HOME. 1>&2
exit /b 1

:found
set "JAVA=%JDK%\bin\java.exe"
set "START=%ROOT%\app\target\start\jdk-%BUILD%"
if "%~1"=="test" goto test

rem --- Building
if not exist "%JAR%" goto build
if not exist "%BUILT%" goto build
if not exist "%ROOT%\pom.xml" goto prepare
"%JAVA%" -XX:TieredStopAtLevel=1 -cp "%JAR%" org.zonda.app.launch.Freshness "%ROOT%"
if not errorlevel 1 goto prepare

:build
if exist "%JAR%" (echo Building Zonda ^(sources have changed^)... 1>&2) else (echo Building Zonda ^(first use, about a minute^)... 1>&2)
if not exist "%ROOT%\target" mkdir "%ROOT%\target" || exit /b 1
if exist "%BUILT%" del "%BUILT%"
if exist "%JAR%" del "%JAR%"
if exist "%ROOT%\app\target\start" rmdir /s /q "%ROOT%\app\target\start"
type nul > "%ROOT%\target\build.begun" || exit /b 1
call :maven package -Dmaven.test.skip=true > "%LOG%" 2>&1 < nul
if errorlevel 1 goto failed
if not exist "%JAR%" goto failed
move /y "%ROOT%\target\build.begun" "%BUILT%" > nul

:prepare
if exist "%START%\java.args" goto gpu
echo Preparing quick starts... 1>&2
"%JAVA%" -cp "%JAR%" org.zonda.app.launch.FastStart "%JAR%" "%START%" >> "%LOG%" 2>&1 < nul

rem --- TornadoVM: may this command run on the GPU, and is there an SDK?
:gpu
set "GPU="
set "ASKED="
set "REASON="
for %%C in (run chat logits embed perplexity bench compare devices doctor) do if "%~1"=="%%C" set "GPU=yes"
if "%~1 %~2"=="kernel bench" set "GPU=yes"
if not defined GPU goto run
for %%C in (devices doctor) do if "%~1"=="%%C" set "ASKED=yes"
set "COMPARED="
call :scan %*
if defined COMPARED set "GPU=yes"
if not defined GPU goto run
set "PLACE=%TORNADOVM_HOME%"
if not defined PLACE if exist "%USERPROFILE%\.sdkman\candidates\tornadovm" set "PLACE=%USERPROFILE%\.sdkman\candidates\tornadovm"
if not defined PLACE goto run
if "%~1"=="doctor" if exist "%START%\gpu.key" del "%START%\gpu.key"
call :notes
if "%WHEN%"=="never" if defined ASKED set "NOTED="
if "%NOTED%"=="%PLACE% %ZONDA_GPU_BACKEND%" goto start
echo Looking for GPUs... 1>&2
"%JAVA%" -cp "%JAR%" org.zonda.app.launch.GpuStart "%JAR%" "%START%" "%PLACE% %ZONDA_GPU_BACKEND%" >> "%LOG%" 2>&1 < nul
call :notes

:start
if "%WHEN%"=="always" goto device
if "%WHEN%"=="asked" if defined ASKED goto device
if exist "%START%\gpu.why" set /p REASON=<"%START%\gpu.why"
goto run

:device
set "TORNADOVM_HOME=%SDK%"
"%JAVA%" "@%START%\gpu.args" %ZONDA_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:run
rem A quote within the reason would end the argument.
if defined REASON set "REASON=%REASON:"='%"
if not exist "%START%\java.args" goto plain
if not exist "%START%\zonda.aot" goto plain
"%JAVA%" "@%START%\java.args" "-Xbootclasspath/a:%START%\vector.jar" "-XX:AOTCache=%START%\zonda.aot" %ZONDA_JAVA_OPTS% "-Dzonda.gpu.reason=%REASON%" -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:plain
"%JAVA%" --add-modules=jdk.incubator.vector -XX:+UseSerialGC %ZONDA_JAVA_OPTS% "-Dzonda.gpu.reason=%REASON%" -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:failed
findstr /i /c:"not enough space on the disk" /c:"No space left" "%LOG%" > nul
if not errorlevel 1 (
  echo zonda: cannot build: no space left on the disk 1>&2
  exit /b 1
)
findstr /c:"Could not transfer" /c:"UnknownHost" /c:"offline mode" "%LOG%" > nul
if not errorlevel 1 (
  echo zonda: cannot build: the first build fetches libraries, and there is no connection 1>&2
  exit /b 1
)
findstr /c:"[ERROR]" "%LOG%" | findstr /c:".java:" 1>&2
echo zonda: the build failed; the whole output is in "%LOG%" 1>&2
exit /b 1

:test
rem All but the first word; the blank at the end is for when there is no other.
set "ARGUMENTS=%* "
set "ARGUMENTS=%ARGUMENTS:* =%"
if not exist "%ROOT%\target" mkdir "%ROOT%\target" || exit /b 1
if exist "%BUILT%" del "%BUILT%"
type nul > "%ROOT%\target\test.begun" || exit /b 1
call :maven -ntp verify %ARGUMENTS%
set "STATUS=%ERRORLEVEL%"
"%JAVA%" "%ROOT%\.mvn\TestSummary.java" "%ROOT%" "%ROOT%\target\test.begun" %STATUS%
exit /b %STATUS%

rem Reads what GpuStart noted: what was looked for, the SDK's folder, when to use it, the backend.
:notes
set "NOTED="
set "SDK="
set "WHEN="
if not exist "%START%\gpu.key" exit /b
(set /p NOTED=& set /p SDK=& set /p WHEN=) < "%START%\gpu.key"
exit /b

rem Goes through the arguments: another backend by name means no GPU, its own name means it is asked.
:scan
if "%~1"=="" exit /b
if "%~1"=="--" exit /b
if "%~1"=="-h" set "GPU="
if "%~1"=="--help" set "GPU="
if "%~1"=="--device" set "ASKED=yes"
if /i "%~1"=="--backend" (
  if /i "%~2"=="cpu" set "GPU="
  if /i "%~2"=="simulator" set "GPU="
  if /i "%~2"=="gpu" set "ASKED=yes"
)
if /i "%~1"=="--backends" set "ASKED=yes"
if /i "%~1"=="--compare-backend" if /i "%~2"=="gpu" (
  set "COMPARED=yes"
  set "ASKED=yes"
)
shift
goto scan

rem Runs the wrapper in the checkout with the JDK that was found.
:maven
setlocal
set "JAVA_HOME=%JDK%"
pushd "%ROOT%"
call "%ROOT%\mvnw.cmd" -B %*
set "STATUS=%ERRORLEVEL%"
popd
exit /b %STATUS%

rem Takes a folder for the JDK if it is one that will do; else notes why not.
:consider
if not exist "%~1\bin\java.exe" exit /b
if not exist "%~1\release" exit /b
set "VERSION=0"
set "FEATURE=0"
set "RUNTIME="
set "IMPLEMENTOR="
for /f "usebackq tokens=1,2 delims==" %%K in ("%~1\release") do (
  if "%%K"=="JAVA_VERSION" set "VERSION=%%~L"
  if "%%K"=="JAVA_RUNTIME_VERSION" set "RUNTIME=-%%~L"
  if "%%K"=="IMPLEMENTOR_VERSION" set "IMPLEMENTOR=-%%~L"
)
for /f "delims=.-+" %%F in ("%VERSION%") do set "FEATURE=%%F"
if %FEATURE% LSS %LEAST% (
  set "SEEN=%SEEN%; %~f1 is Java %VERSION%"
  exit /b
)
if not exist "%~1\bin\javac.exe" (
  set "SEEN=%SEEN%; %~f1 is a JRE without javac"
  exit /b
)
set "JDK=%~f1"
set "BUILD=%VERSION%%IMPLEMENTOR%%RUNTIME%"
exit /b
